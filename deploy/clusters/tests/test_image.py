"""The Dockerfile without Docker: linted, parsed, and its steps carried out in a namespace that looks like the image."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from dockerfile_parse import DockerfileParser

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCKERFILE = ROOT / "deploy/docker/Dockerfile"
SPARK_USER = 185


def instructions():
    """(instruction, value) of every step, by stage."""
    stages = []
    for step in DockerfileParser(fileobj=DOCKERFILE.open("rb")).structure:
        if step["instruction"] == "FROM":
            stages.append([])
        if stages and step["instruction"] != "COMMENT":
            stages[-1].append((step["instruction"], step["value"]))
    return stages


def test_lint():
    ended = subprocess.run(["hadolint", "--no-color", DOCKERFILE], text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert ended.returncode == 0, ended.stdout


def test_final_stage_runs_as_sparks_user_and_fetches_nothing():
    final = instructions()[-1]
    assert [value for what, value in final if what == "USER"] == [str(SPARK_USER)]
    assert not [value for what, value in final if what in ("RUN", "ADD", "ENTRYPOINT", "CMD")]
    assert "latest" not in DOCKERFILE.read_text()


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What the steps after FROM leave: a folder for the image's root, made by the Dockerfile's own commands."""
    unpacked, final = instructions()
    work = tmp_path_factory.mktemp("image")
    release, made, root = work / "release", work / "made", work / "root"
    release.mkdir()
    (copied,) = [value for what, value in unpacked if what == "COPY"]
    pattern, target = copied.split()
    assert target == "/tmp/release/"
    for archive in (ROOT / "job/target/release").glob(pattern):
        shutil.copy(archive, release)
    (command,) = [value for what, value in unpacked if what == "RUN"]
    command = re.sub(r"(?<=\s)/tmp/(image|release)\b", lambda m: str(made if m[1] == "image" else release), command)
    subprocess.run(["bash", "-ec", command], cwd=work, check=True, env={**os.environ, "GPL_READERS": "on"})
    for value in [value for what, value in final if what == "COPY"]:
        words = value.split()
        flags = dict(w[2:].split("=") for w in words if w.startswith("--"))
        origin, target = [w for w in words if not w.startswith("--")]
        assert flags["from"] == "unpacked" and origin.startswith("/tmp/image")
        source, place = made / origin.removeprefix("/tmp/image").lstrip("/"), root / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place)
        else:
            shutil.copy(source, place)
            place.chmod(int(flags["chmod"], 8))
    return root


def inside(image, tmp_path, command):
    """Runs a command as Spark's user where /opt and /usr/local/bin are the image's, without any network."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("needs root on Linux, for namespaces of its own")
    environment = dict(v.split("=", 1) for what, value in instructions()[-1] if what == "ENV"
                       for v in value.replace("\\\n", " ").split())
    work = tmp_path / "work-dir"
    work.mkdir(exist_ok=True)
    os.chown(work, SPARK_USER, SPARK_USER)
    java = pathlib.Path(shutil.which("java")).resolve().parents[1]
    script = f"""
        set -e
        ip link set lo up
        cd {tmp_path}
        mkdir -p opt/spark opt/cytolake opt/work changed overlay
        mount -t overlay -o lowerdir={os.environ['SPARK_HOME']},upperdir=changed,workdir=overlay spark opt/spark
        chown {SPARK_USER}:{SPARK_USER} opt/spark  # as in Spark's image
        mount --bind {image}/opt/cytolake {tmp_path}/opt/cytolake
        mount --bind {work} {tmp_path}/opt/work
        mount --rbind {tmp_path}/opt /opt
        mount --bind {image}/usr/local/bin /usr/local/bin
        echo "spark:x:{SPARK_USER}:{SPARK_USER}::/nonexistent:/bin/sh" > {tmp_path}/passwd
        mount --bind {tmp_path}/passwd /etc/passwd
        cd /opt/work
        exec setpriv --reuid {SPARK_USER} --regid {SPARK_USER} --clear-groups --no-new-privs "$@"
    """
    settings = {"PATH": f"/usr/local/bin:{java}/bin:/usr/bin:/bin", "JAVA_HOME": str(java), "SPARK_HOME": "/opt/spark",
                "SPARK_LOCAL_IP": "127.0.0.1", "HOME": "/nonexistent", **environment}
    return subprocess.run(["unshare", "--mount", "--net", "bash", "-c", script, "bash", *command], env=settings,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)


def nuclei():
    images = json.loads((ROOT / "sample-data/golden/golden.json").read_text())["images"]
    return sum(i["stardist_count"] for i in images)  # by Python StarDist


# what is not looked at here is left out
QUICK = ["--set", "clustering.enabled=false", "--set", "density.enabled=false", "--set", "run.progress=plain"]


def test_what_is_in_it(image):
    home = image / "opt/cytolake"
    assert {"cytolake.jar", "LICENSE", "licences", "bom.json", "conf", "sample-data", "gpl-readers", "s3", "iceberg"} <= {f.name for f in home.iterdir()}
    assert list(home.glob("gpl-readers/formats-gpl*.jar"))


def test_analyses_as_sparks_user_without_network(image, tmp_path):
    ended = inside(image, tmp_path, ["cytolake", "analyze", "--output", "tables", *QUICK])
    assert ended.returncode == 0, ended.stdout
    assert f"nuclei    {nuclei()}," in ended.stdout
    assert (tmp_path / "work-dir/tables/images").is_dir()


def test_executors_find_everything_on_the_class_path(image, tmp_path):
    spec = yaml.safe_load((ROOT / "deploy/kubernetes/spark-application.yaml").read_text())["spec"]
    conf = [word for key, value in spec["sparkConf"].items() for word in ("--conf", f"{key}={value}")]
    ended = inside(image, tmp_path, [
        "/opt/spark/bin/spark-submit", "--master", "local-cluster[2,1,1024]", "--class", spec["mainClass"], *conf,
        "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.executor.memory=1g",
        spec["mainApplicationFile"], "analyze", "--output", "tables", *QUICK])
    assert ended.returncode == 0, ended.stdout
    assert f"nuclei    {nuclei()}," in ended.stdout
