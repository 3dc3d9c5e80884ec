"""An Airflow of its own: database, API server, DAG processor, scheduler, in one folder and on loopback only."""
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

DONE = {"success", "failed", "skipped", "upstream_failed", "removed"}
BIN = pathlib.Path(sys.executable).parent


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Refused(Exception):
    """The API answered with an error."""


class Airflow:
    def __init__(self, home, dag, environment):
        self.home = pathlib.Path(home)
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "dags").mkdir(parents=True)
        shutil.copy(dag, self.home / "dags")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes = []
        secret = secrets.token_hex(32)
        settings = {
            "CORE__EXECUTOR": "LocalExecutor",
            "CORE__PARALLELISM": "2",
            "CORE__LOAD_EXAMPLES": "False",
            "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "API__BASE_URL": self.url,
            "API__HOST": "127.0.0.1",
            "API__PORT": str(self.port),
            "API__WORKERS": "1",
            "API__SECRET_KEY": secret,
            "API_AUTH__JWT_SECRET": secret,
            "LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            "LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "USAGE_DATA_COLLECTION__ENABLED": "False",
        }
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "CYTOLAKE"))}
        self.environment |= {f"AIRFLOW__{k}": v for k, v in settings.items()} | environment
        self.environment["AIRFLOW_HOME"] = str(self.home)
        self.environment["PATH"] = f"{BIN}:{self.environment['PATH']}"

    def __enter__(self):
        self.command("db", "migrate")
        for part in ("api-server", "dag-processor", "scheduler"):
            log = open(self.home / f"{part}.log", "w")
            self.processes.append(subprocess.Popen(
                [BIN / "airflow", part], env=self.environment, cwd=self.home, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True))
        return self

    def __exit__(self, *error):
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def command(self, *arguments):
        ended = subprocess.run([BIN / "airflow", *arguments], env=self.environment, cwd=self.home,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if ended.returncode:
            raise RuntimeError(f"airflow {' '.join(arguments)} ended with {ended.returncode}:\n{ended.stdout}")
        return ended.stdout

    def call(self, path, body=None, text=False):
        request = urllib.request.Request(
            self.url + path, method="GET" if body is None else "POST",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/x-ndjson" if text else "*/*"})
        if not path.startswith("/auth"):
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                content = answer.read().decode()
        except urllib.error.HTTPError as error:
            raise Refused(f"{error.code} {error.read().decode()}") from error
        return content if text else json.loads(content)

    def wait_for(self, what, condition, seconds=180):
        end = time.time() + seconds
        while time.time() < end:
            for process in self.processes:
                if process.poll() is not None:
                    raise RuntimeError(f"a part of Airflow has ended; see the logs in {self.home}")
            try:
                found = condition()
            except (Refused, urllib.error.URLError, ConnectionError, TimeoutError):
                found = None
            if found:
                return found
            time.sleep(1)
        raise AssertionError(f"waited {seconds} s in vain for {what}; see the logs in {self.home}")

    def wait_until_ready(self, dags):
        self.token = self.wait_for("the API", lambda: self.call("/auth/token"))["access_token"]
        self.wait_for("the DAGs", lambda: {d["dag_id"] for d in self.call("/api/v2/dags")["dags"]} >= set(dags))
        errors = self.call("/api/v2/importErrors")["import_errors"]
        assert not errors, errors

    def trigger(self, dag, conf):
        return self.call(f"/api/v2/dags/{dag}/dagRuns", {"logical_date": None, "conf": conf})["dag_run_id"]

    def run_of(self, dag, run):
        return f"/api/v2/dags/{dag}/dagRuns/{urllib.parse.quote(run)}"

    def tasks(self, dag, run):
        instances = self.call(f"{self.run_of(dag, run)}/taskInstances")["task_instances"]
        return {i["task_id"]: (i["state"], i["try_number"]) for i in instances}

    def wait_for_state(self, dag, run, task, state, seconds=300):
        self.wait_for(f"{task} to be {state}", lambda: self.tasks(dag, run)[task][0] == state, seconds)

    def finish(self, dag, run, seconds=600):
        """Waits for a run's end; returns its state and those of its tasks, each with its number of tries."""
        state = self.wait_for(
            f"the end of {run}",
            lambda: (s := self.call(self.run_of(dag, run))["state"]) in ("success", "failed") and s, seconds)
        return state, self.tasks(dag, run)

    def log(self, dag, run, task, attempt=1):
        return self.call(f"{self.run_of(dag, run)}/taskInstances/{task}/logs/{attempt}", text=True)

    def xcom(self, dag, run, task, key="return_value"):
        return self.call(f"{self.run_of(dag, run)}/taskInstances/{task}/xcomEntries/{key}?deserialize=true")["value"]
