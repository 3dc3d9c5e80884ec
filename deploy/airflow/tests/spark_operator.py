"""A stand-in for a cluster with the Spark operator: takes SparkApplications over Kubernetes' API and runs each with
spark-submit on this machine, as driver pod with the real exit code and log."""
import datetime
import json
import pathlib
import re
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

from kubeflow_spark_api.models import SparkV1beta2SparkApplication

DRIVER = "spark-kubernetes-driver"


class SparkOperator:
    def __init__(self, spark_home, jar):
        self.spark_home, self.jar = pathlib.Path(spark_home), jar
        self.created, self.applications, self.processes, self.logs, self.asked = [], {}, {}, {}, set()
        operator = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def answer(self, content, status=200):
                body = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if isinstance(content, bytes) else "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def body(self):
                return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

            def do_POST(self):
                self.answer(operator.create(self.body()), 201)

            def do_PATCH(self):
                self.body()
                name = urlparse(self.path).path.rsplit("/", 1)[1].removesuffix("-driver")
                self.answer(operator.pod(name))

            def do_DELETE(self):
                self.body()
                name = urlparse(self.path).path.rsplit("/", 1)[1]
                found = operator.applications.pop(name, None)
                self.answer({"kind": "Status", "status": "Success"} if found else {"code": 404}, 200 if found else 404)

            def do_GET(self):
                url = urlparse(self.path)
                if match := re.search(r"/sparkapplications/([^/]+)(/status)?$", url.path):
                    self.answer(operator.status(match.group(1)))
                elif match := re.search(r"/pods/([^/]+)-driver/log$", url.path):
                    follow = parse_qs(url.query).get("follow") == ["True"]
                    self.answer(operator.log(match.group(1), follow))
                elif match := re.search(r"/pods/([^/]+)-driver$", url.path):
                    known = match.group(1) in operator.processes
                    self.answer(operator.pod(match.group(1)) if known else {"code": 404}, 200 if known else 404)
                elif url.path.endswith("/pods"):
                    self.answer({"kind": "PodList", "apiVersion": "v1", "metadata": {},
                                 "items": operator.pods(parse_qs(url.query))})
                else:
                    self.answer({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": []})

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        for process in self.processes.values():
            process.kill()

    def kube_config(self):
        return {
            "apiVersion": "v1", "kind": "Config", "current-context": "here",
            "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{self.server.server_port}"}}],
            "users": [{"name": "me", "user": {"token": "none"}}],
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
        }

    def create(self, application):
        SparkV1beta2SparkApplication.model_validate(application)
        self.created.append(application)
        name, spec = application["metadata"]["name"], application["spec"]
        command = [str(self.spark_home / "bin/spark-submit"), "--master", "local[2]", "--class", spec["mainClass"]]
        for key, value in spec.get("sparkConf", {}).items():
            command += ["--conf", f"{key}={value}"]
        log = tempfile.TemporaryFile()
        self.logs[name] = log
        self.processes[name] = subprocess.Popen(
            command + [self.jar, *spec["arguments"]], stdout=log, stderr=subprocess.STDOUT)
        self.applications[name] = application
        return application

    def running(self):
        return list(self.applications)

    def status(self, name):
        """As the operator has it: submitted when first asked, then what the driver does."""
        if name not in self.asked:
            self.asked.add(name)
            return {**self.applications[name], "status": {"applicationState": {"state": "SUBMITTED"}}}
        code = self.processes[name].poll()
        state = {"state": "RUNNING" if code is None else "COMPLETED" if code == 0 else "FAILED"}
        if code:
            state["errorMessage"] = f"driver container failed with ExitCode: {code}, Reason: Error"
        return {**self.applications[name], "status": {"applicationState": state}}

    def pod(self, name):
        spec = self.created_as(name)["spec"]
        code = self.processes[name].poll()
        started = "2026-01-01T00:00:00Z"
        # the provider reads no log of a container that ended more than two minutes ago
        finished = f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
        state = {"running": {"startedAt": started}} if code is None else {
            "terminated": {"exitCode": code, "startedAt": started, "finishedAt": finished,
                           "reason": "Error" if code else "Completed"}}
        return {
            "kind": "Pod", "apiVersion": "v1",
            "metadata": {"name": f"{name}-driver", "namespace": "default",
                         "labels": {**spec["driver"].get("labels", {}), "spark-role": "driver"}},
            "spec": {"containers": [{"name": DRIVER, "image": spec["image"]}]},
            "status": {
                "phase": "Running" if code is None else "Failed" if code else "Succeeded",
                "containerStatuses": [{
                    "name": DRIVER, "image": spec["image"], "imageID": "", "ready": code is None, "restartCount": 0,
                    "state": state}]},
        }

    def created_as(self, name):
        return next(a for a in self.created if a["metadata"]["name"] == name)

    def pods(self, query):
        wanted = dict(p.split("=", 1) for p in query.get("labelSelector", [""])[0].split(",")
                      if "=" in p and "!" not in p)
        pods = [self.pod(name) for name in self.processes]
        unwanted = {"Failed"} if "status.phase!=Failed" in query.get("fieldSelector", [""])[0] else set()
        return [p for p in pods if p["status"]["phase"] not in unwanted
                and all(p["metadata"]["labels"].get(k) == v for k, v in wanted.items())]

    def log(self, name, follow):
        if follow:
            self.processes[name].wait()
        self.logs[name].seek(0)
        stamp = b"2026-01-01T00:00:00.000000000Z "
        return b"".join(stamp + line for line in self.logs[name].read().splitlines(keepends=True))
