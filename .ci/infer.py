"""Starts a server on a home and asks each endpoint for predictions: infer.py HOME ENDPOINT…"""

import json
import subprocess
import sys
import urllib.request

home, endpoints = sys.argv[1], sys.argv[2:]
server = subprocess.Popen(["./millwright", "server", "--home", home, "--port", "0", "--json"], stdout=subprocess.PIPE, text=True)
try:
    document = ""
    while not document.rstrip().endswith("}"):
        line = server.stdout.readline()
        assert line, "the server ended"
        document += line
    url = json.loads(document)["url"]
    for endpoint in endpoints:
        model = json.load(urllib.request.urlopen(f"{url}/v2/models/{endpoint}"))
        values = {"FP32": [20.0, None], "BYTES": ["online", ""]}
        inputs = [{**column, "shape": [2, 1], "data": values[column["datatype"]]} for column in model["inputs"]]
        request = urllib.request.Request(f"{url}/v2/models/{endpoint}/infer", json.dumps({"inputs": inputs}).encode())
        outputs = {output["name"]: output["data"] for output in json.load(urllib.request.urlopen(request))["outputs"]}
        assert len(outputs["label"]) == 2 and len(outputs["probabilities"]) == 4, outputs
        print(endpoint, outputs)
finally:
    server.terminate()
    server.wait(30)
