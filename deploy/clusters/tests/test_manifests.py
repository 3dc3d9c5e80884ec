"""The manifests against the schemas of Kubernetes and of the Spark operator, and what spark-submit makes of them."""
import json
import os
import pathlib
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import kubernetes_validate
import pytest
import yaml
from kubeflow_spark_api.models import SparkV1beta2ScheduledSparkApplication, SparkV1beta2SparkApplication

ROOT = pathlib.Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy/kubernetes"
KUBERNETES = ["1.32", "1.34", "1.37"]
OPERATOR = {
    "SparkApplication": SparkV1beta2SparkApplication,
    "ScheduledSparkApplication": SparkV1beta2ScheduledSparkApplication,
}
ANALYZE = ["analyze", "--input", "/data/plates", "--output", "/data/tables"]


def documents(file):
    return [d for d in yaml.safe_load_all((FOLDER / file).read_text()) if d]


def all_documents():
    return [(f.name, d) for f in sorted(FOLDER.glob("*.yaml")) for d in documents(f.name)]


def spec():
    return documents("spark-application.yaml")[0]["spec"]


def submit_conf():
    lines = (FOLDER / "submit.conf").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def complain(manifest):
    """What the operator's types do not take: they drop what they do not know, so it must come back whole."""
    read = OPERATOR[manifest["kind"]].model_validate(manifest).to_dict()
    return [] if json.loads(json.dumps(read, default=str)) == manifest else [
        line for line in difference(manifest, json.loads(json.dumps(read, default=str)))]


def difference(wanted, got, path=""):
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key, value in wanted.items():
            yield from difference(value, got.get(key), f"{path}.{key}")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for i, (w, g) in enumerate(zip(wanted, got)):
            yield from difference(w, g, f"{path}[{i}]")
    elif wanted != got:
        yield f"{path}: {wanted!r} became {got!r}"


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_own_objects(version):
    own = [(name, d) for name, d in all_documents() if d["kind"] not in OPERATOR]
    assert {d["kind"] for _, d in own} == {"ServiceAccount", "Role", "RoleBinding", "Pod"}
    for name, document in own:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            pytest.fail(f"{name}: {error.message} at {list(error.path)}")


def test_operators_objects():
    found = [(name, d) for name, d in all_documents() if d["kind"] in OPERATOR]
    assert {d["kind"] for _, d in found} == set(OPERATOR)
    for name, document in found:
        assert not complain(document), name


@pytest.mark.parametrize("change", [
    lambda s: s["driver"].update(memoryOverHead="1g"),
    lambda s: s["executor"].update(cores="four"),
    lambda s: s.pop("mainApplicationFile"),
    lambda s: s["driver"]["podSecurityContext"].update(runAsRoot=False),
])
def test_a_mistake_is_found(change):
    wrong = documents("spark-application.yaml")[0]
    wrong = json.loads(json.dumps(wrong))  # without yaml's shared parts
    change(wrong["spec"])
    try:
        assert complain(wrong)
    except ValueError:  # pydantic's
        pass


def test_scheduled_runs_are_the_same():
    assert documents("scheduled-spark-application.yaml")[0]["spec"]["template"] == spec()


def test_submit_has_the_same_sizes():
    conf, wanted = submit_conf(), spec()
    assert conf["spark.kubernetes.container.image"] == wanted["image"]
    for who in ("driver", "executor"):
        for key in ("cores", "memory", "memoryOverhead"):
            assert conf[f"spark.{who}.{key}"] == str(wanted[who][key])
        assert conf[f"spark.{who}.extraClassPath"] == wanted["sparkConf"][f"spark.{who}.extraClassPath"]
    assert conf["spark.executor.instances"] == str(wanted["executor"]["instances"])


def test_versions_are_the_projects():
    pom = (ROOT / "pom.xml").read_text()
    spark = re.search(r"<dep.spark.version>(.*)</dep.spark.version>", pom).group(1)
    version = re.search(r"<artifactId>cytolake</artifactId>\s*<version>(.*)</version>", pom).group(1)
    assert spec()["sparkVersion"] == spark
    assert spec()["image"] == f"cytolake:{version}"
    assert f"ARG SPARK_VERSION={spark}" in (ROOT / "deploy/docker/Dockerfile").read_text()


class ApiServer(BaseHTTPRequestHandler):
    """Takes what spark-submit creates, as Kubernetes' API server does."""

    created = []

    def log_message(self, *arguments):
        pass

    def answer(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": []})

    def take(self):
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content.setdefault("metadata", {}).setdefault("uid", "12345678-1234-1234-1234-123456789012")
        self.created.append((self.path, content))
        self.answer(content)

    do_POST = do_PUT = do_PATCH = take


@pytest.fixture(scope="module")
def driver():
    """The pod that Spark's own client makes of submit.conf and the pod templates."""
    with ThreadingHTTPServer(("127.0.0.1", 0), ApiServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [
            f"{os.environ['SPARK_HOME']}/bin/spark-submit",
            "--master", f"k8s://http://127.0.0.1:{server.server_port}", "--deploy-mode", "cluster",
            "--properties-file", "deploy/kubernetes/submit.conf",
            "--conf", "spark.kubernetes.submission.waitAppCompletion=false",
            "--class", "org.cytolake.cli.Main", "local:///opt/cytolake/cytolake.jar", *ANALYZE]
        ended = subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        server.shutdown()
    assert ended.returncode == 0, ended.stdout
    pods = [c for path, c in ApiServer.created if path.split("?")[0].endswith("/namespaces/default/pods")]
    assert len(pods) == 1, ended.stdout
    return pods[0]


def test_driver_pod_of_spark_submit(driver):
    kubernetes_validate.validate(driver, KUBERNETES[-1], strict=True)
    pod = driver["spec"]
    container = next(c for c in pod["containers"] if c["name"] == "spark-kubernetes-driver")
    assert container["image"] == "cytolake:0.1.0"
    assert container["args"][0] == "driver"
    assert container["args"][-len(ANALYZE) - 1:] == ["local:///opt/cytolake/cytolake.jar", *ANALYZE]
    assert container["resources"]["limits"]["memory"] == "5120Mi"  # heap and overhead
    assert pod["serviceAccountName"] == "cytolake"
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 185
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    mounted = {m["mountPath"]: m["name"] for m in container["volumeMounts"]}
    temporary = {v["name"] for v in pod["volumes"] if "emptyDir" in v}
    assert {mounted["/tmp"], mounted["/opt/spark/work-dir"]} <= temporary
    assert any(path.startswith("/var/data/spark-") and name in temporary for path, name in mounted.items())
    assert {"mountPath": "/data", "name": "data"} in [
        {k: m[k] for k in ("mountPath", "name")} for m in container["volumeMounts"]]
    assert {"claimName": "cytolake"} in [
        {"claimName": v["persistentVolumeClaim"]["claimName"]} for v in pod["volumes"] if "persistentVolumeClaim" in v]
    assert driver["metadata"]["labels"]["app.kubernetes.io/name"] == "cytolake"


def test_executor_template_and_properties_reach_the_driver(driver):
    maps = [c for _, c in ApiServer.created if c.get("kind") == "ConfigMap"]
    templates = [yaml.safe_load(text) for m in maps for text in m["data"].values() if "spark-kubernetes-executor" in text]
    (executor,) = templates
    (container,) = executor["spec"]["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {m["mountPath"] for m in container["volumeMounts"]} == {"/tmp", "/opt/spark/work-dir"}
    properties = "\n".join(text for m in maps for text in m["data"].values()).replace("\\", "")
    assert "spark.executor.memoryOverhead=5g" in properties
    assert "spark.executor.extraClassPath=/opt/cytolake/*" in properties
