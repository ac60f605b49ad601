"""The hash of one entry of the event record, from the encoding that EventChain documents and nothing else."""

import hashlib
import struct


def text(value):
    data = value.encode("utf-8")
    return struct.pack(">i", len(data)) + data


def entry(sequence, micros, type_, subject, data, previous):
    out = text("millwright.event.v1") + struct.pack(">qq", sequence, micros) + text(type_) + text(subject)
    out += struct.pack(">i", len(data))
    for key in sorted(data, key=lambda k: k.encode("utf-16-be")):
        out += text(key) + text(data[key])
    return hashlib.sha256(out + text(previous)).hexdigest()


# 2026-03-29T01:30:00.123456Z
print(entry(42, 1774747800123456, "endpoint.promoted", "churn", {"reason": "größer", "": "x", "a": ""}, "0" * 64))
