"""Cytolake in Airflow 3: waits until plates have arrived, analyses them, lists the images that failed.

Two DAGs of the same three tasks: `cytolake` starts the job with spark-submit, `cytolake_kubernetes` (where the provider
cncf.kubernetes is installed) through the Kubernetes operator for Spark. README.md beside this file says how to set up
either, and what the environment variables below mean.
"""
from __future__ import annotations

import datetime
import json
import os
import pathlib
import re

import yaml
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, Asset, ObjectStoragePath, Param, PokeReturnValue, get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

try:
    from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
except ImportError:
    SparkKubernetesOperator = None

HOME = pathlib.Path(os.environ.get("CYTOLAKE_HOME") or pathlib.Path(__file__).resolve().parents[2])
RETRIES = int(os.environ.get("CYTOLAKE_RETRIES", "2"))
RETRY_MINUTES = float(os.environ.get("CYTOLAKE_RETRY_MINUTES", "5"))
POKE_SECONDS = float(os.environ.get("CYTOLAKE_POKE_SECONDS", "60"))
SCHEDULE = os.environ.get("CYTOLAKE_SCHEDULE") or None
NAMESPACE = os.environ.get("CYTOLAKE_NAMESPACE", "default")
APPLICATION = os.environ.get("CYTOLAKE_SPARK_APPLICATION") or HOME / "deploy/kubernetes/spark-application.yaml"

USAGE = 2
FAILED_IMAGES = 3
MEANING = {1: "the run failed", USAGE: "wrong usage or configuration"}
LOCALE = "C.UTF-8"  # a worker may have none, and the JVM names files as the locale says
LOCKED = "Another run is writing to"  # the one message of code 2 that goes away by itself

SAMPLE = {  # what is analysed where nothing else is said
    "input": [str(HOME / "sample-data/images")],
    "pattern": r"(?<plate>[^_]+)_(?<well>[A-P]\d{2})_f(?<field>\d+)_(?<channel>[a-z]+)\.tif",
    "channels": "nuclei=nuclei,cytoplasm=cytoplasm",
}


def parameters() -> dict[str, Param]:
    """The DAG's parameters; CYTOLAKE_PARAMS, a JSON object, says other defaults."""
    defaults = json.loads(os.environ.get("CYTOLAKE_PARAMS", "null")) or SAMPLE
    text = {"type": ["null", "string"]}
    schemas = {
        "input": (None, {"type": "array", "items": {"type": "string"}, "minItems": 1},
                  "Files, folders or globs on any file system that Spark and Airflow know: local, s3a://, gs://."),
        "output": ("output", {"type": "string", "minLength": 1}, "Folder of the tables."),
        "pattern": (None, text, "Java regular expression for file names; its named groups become columns."),
        "channels": (None, text, "Channels to read and their names, such as 1=nuclei,3=cytoplasm."),
        "config": (None, text, "HOCON file of settings, where the driver can read it."),
        "set": ([], {"type": "array", "items": {"type": "string", "pattern": "="}},
                "Settings key=value, which beat everything else."),
        "model": (None, text, "A StarDist network in ONNX format instead of the built-in one."),
        "force": (False, {"type": "boolean"}, "Process images again that an earlier run has done."),
        "spark_conf": ({}, {"type": "object"}, "Spark properties, such as spark.executor.memory."),
        "packages": (None, text, "Maven packages for spark-submit: group:artifact:version,..."),
        "only_new": (True, {"type": "boolean"}, "Skip the run where nothing has arrived since the last one."),
        "settle_minutes": (10, {"type": "number", "minimum": 0},
                           "Wait until nothing has arrived for so long: plates are copied file by file."),
    }
    unknown = sorted(set(defaults) - set(schemas))
    if unknown:
        raise ValueError(f"CYTOLAKE_PARAMS has unknown parameters {unknown}; known are {sorted(schemas)}")
    return {
        name: Param(defaults.get(name, default), description=description, **schema)
        for name, (default, schema, description) in schemas.items()
    }


def arguments(params: dict) -> list[str]:
    """The command line of the job, after the jar."""
    unknown = sorted(set(params) - set(parameters()))
    if unknown:
        raise AirflowFailException(f"Unknown parameters {unknown}. Known are {sorted(parameters())}.")
    flags = ["analyze", "--input", *params["input"], "--output", params["output"]]
    for name in ("pattern", "channels", "config", "model"):
        if params[name]:
            flags += [f"--{name}", params[name]]
    if params["force"]:
        flags.append("--force")
    for setting in params["set"]:
        flags += ["--set", setting]
    return flags + ["--set", "run.progress=plain"]


def jar() -> str:
    """The job's jar: CYTOLAKE_JAR, a path or a URL, or the one that was built in CYTOLAKE_HOME."""
    return os.environ.get("CYTOLAKE_JAR") or next(
        (str(f) for folder in ("", "lib", "job/target") for f in sorted((HOME / folder).glob("cytolake-*.jar"))),
        str(HOME / "cytolake.jar"),
    )


def libraries(flags: list[str]) -> str | None:
    """What lies beside the jar: Bio-Formats' readers of the vendors' formats and, where the flags ask for them, a client
    for S3 and Iceberg."""
    beside = pathlib.Path(jar()).parent
    folders = [] if os.environ.get("CYTOLAKE_GPL_READERS") == "off" else ["gpl-readers"]
    if os.environ.get("CYTOLAKE_S3_CLIENT") != "off" and any("s3a://" in flag for flag in flags):
        folders.append("s3")
    if any("iceberg" in flag for flag in flags):
        folders.append("iceberg")
    return ",".join(str(f) for folder in folders for f in sorted((beside / folder).glob("*.jar"))) or None


def conclude(context, log, code: int | None, error: Exception | None) -> None:
    """Ends the task as the job's exit code says: 3 keeps the run; 2 is not tried again, except while another run is
    writing to the same output; all others are.

    :param code: the job's exit code, None where it is not known
    :param error: what the provider made of an exit code other than 0
    """
    if error is None:
        context["ti"].xcom_push(key="exit_code", value=0)
    elif code == FAILED_IMAGES:
        log.warning("Some images failed; all others are in the tables. The task failed_images lists them.")
        context["ti"].xcom_push(key="exit_code", value=FAILED_IMAGES)
    else:
        said = re.search(r"^cytolake: .*", str(error), re.MULTILINE | re.DOTALL)
        message = said.group(0).strip() if said else str(error)
        if code is not None:
            message += f" (exit code {code}: {MEANING.get(code, 'unknown')})"
        lasting = code == USAGE and LOCKED not in message
        raise (AirflowFailException if lasting else AirflowException)(message) from error


class CytolakeSubmit(SparkSubmitOperator):
    """`spark-submit` of the job. The connection `spark_default` names the master."""

    def execute(self, context):
        params = context["params"]
        self.application = jar()
        self.application_args = arguments(params)
        self.jars = libraries(self.application_args)
        self.packages = params["packages"]
        os.environ["LC_ALL"] = LOCALE
        self.conf = {
            "spark.log.level": "WARN",
            "spark.executorEnv.LC_ALL": LOCALE,
            "spark.yarn.appMasterEnv.LC_ALL": LOCALE,
            **params["spark_conf"],
        }
        try:
            super().execute(context)
        except AirflowException as error:
            conclude(context, self.log, self.exit_code(str(error)), error)
        else:
            conclude(context, self.log, 0, None)

    @staticmethod
    def exit_code(message: str) -> int | None:
        """The driver's exit code in the provider's message; on Kubernetes that of the driver's pod."""
        codes = re.findall(r"(Kubernetes spark exit code is|Error code is): (\d+)", message)
        return int(sorted(codes)[-1][1]) if codes else None


if SparkKubernetesOperator is not None:

    class CytolakeApplication(SparkKubernetesOperator):
        """A SparkApplication made from CYTOLAKE_SPARK_APPLICATION with the run's parameters."""

        def __init__(self, **kwargs):
            super().__init__(template_spec={}, **kwargs)
            self.exit_code = None

        def execute(self, context):
            self.template_spec = application(context["params"])
            try:
                super().execute(context)
            except AirflowException as error:
                # a driver that ends before it was seen running is known by the operator's words only
                said = re.search(r"driver container failed with ExitCode: (\d+)", str(error))
                conclude(context, self.log, int(said.group(1)) if said else self.exit_code, error)
            else:
                conclude(context, self.log, 0, None)

        def cleanup(self, pod, remote_pod, xcom_result=None, context=None):
            for container in (remote_pod and remote_pod.status and remote_pod.status.container_statuses) or []:
                if container.name == self.base_container_name and container.state.terminated:
                    self.exit_code = container.state.terminated.exit_code
            super().cleanup(pod, remote_pod, xcom_result, context)


def application(params: dict) -> dict:
    """The SparkApplication of a run: the manifest with the run's arguments and Spark properties."""
    manifest = yaml.safe_load(pathlib.Path(APPLICATION).read_text())
    spec = manifest["spec"]
    spec["arguments"] = arguments(params)
    spec["sparkConf"] = {**spec.get("sparkConf", {}), **{k: str(v) for k, v in params["spark_conf"].items()}}
    if params["packages"]:
        spec.setdefault("deps", {})["packages"] = params["packages"].split(",")
    manifest["metadata"] = {"name": "cytolake", "namespace": NAMESPACE}
    return manifest


def place(path: str) -> ObjectStoragePath:
    """A folder as Airflow sees it: what Hadoop calls s3a:// is s3:// here."""
    return ObjectStoragePath(re.sub(r"^s3[an]://", "s3://", str(path)))


def arrival(entry: dict) -> float:
    """When a file or folder arrived, s since 1970; 0 where the file system does not say.

    On local file systems the status change counts too: a copy may keep its original's time of modification.
    """
    found = [0.0]
    for key in ("mtime", "created", "LastModified", "last_modified", "updated"):
        time = entry.get(key)
        if isinstance(time, str):
            time = datetime.datetime.fromisoformat(time)
        if time:
            found.append(time.timestamp() if isinstance(time, datetime.datetime) else float(time))
    return max(found)


def arrivals(path: str) -> list[float]:
    """When the files under a path, and the folders that hold them, arrived. Empty where there is no file."""
    root = place(path)
    system, name = root.fs, root.path.rstrip("/")
    entries = system.glob(name, detail=True) if re.search(r"[*?\[]", name) else {}
    if not entries and system.exists(name):
        entries = {name: system.info(name)}
    for folder in [n for n, entry in entries.items() if entry["type"] == "directory"]:
        below = system.find(folder, withdirs=True, detail=True)
        entries.update({n: e for n, e in below.items() if not re.search(r"/[._]", n.removeprefix(folder))})
    if all(entry["type"] == "directory" for entry in entries.values()):
        return []
    return [arrival(entry) for entry in entries.values()]


def last_run(output: str) -> float:
    """When the last run that wrote the tables began, s since 1970; 0 where none has."""
    runs = place(output) / "_runs"
    manifests = [f for f in runs.iterdir() if f.name.endswith(".json")] if runs.exists() else []
    began = [json.loads(max(manifests, key=lambda f: f.name).read_text())["began"]] if manifests else []
    return max((datetime.datetime.fromisoformat(time).timestamp() for time in began), default=0)


@task.sensor(task_id="plates", poke_interval=POKE_SECONDS, timeout=6 * 3600, mode="reschedule")
def plates() -> PokeReturnValue:
    """Done when images are there and none is still being copied; skips the run where none is new."""
    params = get_current_context()["params"]
    arguments(params)  # wrong parameters fail here, before anything waits
    times = [t for path in params["input"] for t in arrivals(path)]
    if not times:
        print(f"No file yet under {', '.join(params['input'])}")
        return PokeReturnValue(is_done=False)
    if params["only_new"] and not params["force"] and max(times) <= last_run(params["output"]):
        raise AirflowSkipException(
            "Nothing has arrived since the last run. To run anyway, with other settings say, set only_new to false.")
    quiet = datetime.datetime.now().timestamp() - max(times)
    if quiet < 60 * params["settle_minutes"]:
        print(f"Something arrived {quiet:.0f} s ago; waiting for {params['settle_minutes']} minutes without")
        return PokeReturnValue(is_done=False)
    return PokeReturnValue(is_done=True)


@task
def failed_images() -> list[dict]:
    """Lists the failed images in the log and returns them; skipped where none failed."""
    import logging

    context = get_current_context()
    if context["ti"].xcom_pull(task_ids="analyze", key="exit_code") != FAILED_IMAGES:
        raise AirflowSkipException("No image failed.")
    log = logging.getLogger(__name__)
    runs = sorted((place(context["params"]["output"]) / "_runs").glob("*.json"), key=str)
    facts = json.loads(runs[-1].read_text())["facts"]
    rows = json.loads(facts["failures"])
    for row in rows:
        log.warning("failed: %s (%s, %s) %s %s %s", row["image"] or "(no image)", row["stage"], row["code"],
                    row["file"] or "", row["message"], row["remedy"])
    if int(facts["failed"]) > len(rows):
        log.warning("... and %d more in the table errors", int(facts["failed"]) - len(rows))
    return rows


def dag(name: str, description: str, analyze) -> DAG:
    """The DAG around a way to run the job.

    :param analyze: makes the operator, given its arguments
    """
    with DAG(
        name,
        description=description,
        schedule=SCHEDULE,
        start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
        catchup=False,
        max_active_runs=1,  # two runs on one output: the second is refused
        default_args={
            "retries": RETRIES,
            "retry_delay": datetime.timedelta(minutes=RETRY_MINUTES),
        },
        params=parameters(),
        doc_md=__doc__,
        tags=["cytolake"],
    ) as result:
        run = analyze(task_id="analyze", outlets=[Asset(f"{name}_tables")])
        plates() >> run >> failed_images()
    return result


def submit(**kwargs):
    properties = HOME / "conf/spark-defaults.conf"
    return CytolakeSubmit(
        java_class="org.cytolake.cli.Main",
        name="cytolake",
        properties_file=str(properties) if properties.is_file() else None,
        **kwargs,
    )


dag("cytolake", "Analyses microscopy images with spark-submit", submit)
if SparkKubernetesOperator is not None:
    dag(
        "cytolake_kubernetes",
        "Analyses microscopy images with the Kubernetes operator for Spark",
        lambda **kwargs: CytolakeApplication(
            name="cytolake", namespace=NAMESPACE, startup_timeout_seconds=1800, log_pod_spec_on_failure=False, **kwargs
        ),
    )
