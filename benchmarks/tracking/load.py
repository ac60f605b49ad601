"""A raw HTTP generator: a process of its own, keep-alive, as many connections as clients, each with one request under way.

    load.py '{"port": 8750, "path": "/api/...", "body": "{\\"step\\": %(n)d}", "clients": 8, "seconds": 5}'

Prints {"requests": N, "seconds": S, "ms": {"p50": …, "p99": …}}. Every answer has to be a 200.
"""

import json
import selectors
import socket
import sys
import time


class Connection:
    def __init__(self, port, method, path):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n".encode()
        self.begun = 0.0
        self.buffer = bytearray()
        self.expected = None

    def send(self, body):
        self.buffer.clear()
        self.expected = None
        self.begun = time.perf_counter()
        self.socket.sendall(self.head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def received(self):
        """Takes what has come; whether the answer is whole."""
        chunk = self.socket.recv(1 << 20)
        if not chunk:
            raise RuntimeError("the server closed the connection")
        self.buffer += chunk
        if self.expected is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.buffer[:end]).lower()
            if not head.startswith(b"http/1.1 200"):
                raise RuntimeError(bytes(self.buffer[:600]).decode(errors="replace"))
            self.expected = end + 4 + int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        return len(self.buffer) >= self.expected


def run(spec):
    template = spec.get("body", "").encode()
    runs = [run.encode() for run in spec.get("runs", [""])]
    number = spec.get("first", 0)
    selector = selectors.DefaultSelector()
    times = []

    def body(client):
        nonlocal number
        number += 1
        return template % {b"n": number, b"run": runs[client % len(runs)]} if template else b""

    connections = [Connection(spec["port"], spec.get("method", "POST"), spec["path"]) for _ in range(spec["clients"])]
    begun = time.perf_counter()
    end = begun + spec["seconds"]
    most = spec.get("requests", sys.maxsize)
    for client, connection in enumerate(connections):
        selector.register(connection.socket, selectors.EVENT_READ, (client, connection))
        connection.send(body(client))
    under_way = len(connections)
    while under_way:
        for key, _ in selector.select():
            client, connection = key.data
            if connection.received():
                now = time.perf_counter()
                times.append(now - connection.begun)
                if now < end and len(times) < most:
                    connection.send(body(client))
                else:
                    selector.unregister(connection.socket)
                    under_way -= 1
    seconds = time.perf_counter() - begun
    times.sort()
    return {
        "requests": len(times),
        "seconds": seconds,
        "ms": {"p50": 1e3 * times[len(times) // 2], "p99": 1e3 * times[min(len(times) - 1, int(len(times) * 0.99))]},
        "last": number,
    }


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))
