"""What is sent to Azure ML: laid out whole, understood by its own library, and sent in the right order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.support.azure_server import AZURE, azure_python
from tests.support.sources import CHECKOUT
from tests.support.tiny import copy_bundle

DEPLOY = AZURE / "deploy.sh"
FAKE_AZ = """#!/usr/bin/env bash
printf '%s\\n' "$(printf '%s\\t' "$@")" >>"$AZ_LOG"
case "$*" in
    *"online-endpoint show"*scoring_uri*) echo https://somewhere/score ;;
    *"online-endpoint show"*) [ -e "$AZ_LOG.endpoint" ] ;;
    *"online-endpoint create"*) touch "$AZ_LOG.endpoint" ;;
    *"online-deployment show"*) echo /subscriptions/0/deployments/blue ;;
esac
"""
# Builds the wheel once, which takes long where the builder must be downloaded, and gives it out from then on.
FAKE_PYTHON = f"""#!/usr/bin/env bash
set -e
while [ "$1" != --wheel-dir ]; do options+=("$1") && shift; done
[ -e "$AZ_LOG.wheels" ] || {sys.executable} "${{options[@]}}" --wheel-dir "$AZ_LOG.wheels" "${{@:3}}"
cp "$AZ_LOG.wheels"/*.whl "$2"
"""

pytestmark = [pytest.mark.skipif(shutil.which("bash") is None, reason="deploy.sh needs bash"), pytest.mark.slow]


class Deployment:
    """Runs a copy of deploy.sh beside what it needs, with a fake `az`. sent: the arguments of each call of it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        for name in ("currency_app", "training", "models"):
            shutil.copytree(CHECKOUT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(CHECKOUT / name, self.root / name)
        self.stage = self.root / "build" / "azure"
        self._log = folder / "az.log"
        self._programs = folder / "programs"
        self._programs.mkdir()
        for name, program in (("az", FAKE_AZ), ("python", FAKE_PYTHON)):
            (self._programs / name).write_text(program)
            (self._programs / name).chmod(0o755)

    def __call__(self, *arguments: str, az: bool = True) -> subprocess.CompletedProcess[str]:
        path = f"{self._programs}:{os.environ['PATH']}" if az else os.environ["PATH"]
        return subprocess.run(
            [str(self.root / DEPLOY.relative_to(CHECKOUT)), *arguments],
            env={**os.environ, "PATH": path, "AZ_LOG": str(self._log), "PYTHON": str(self._programs / "python")},
            capture_output=True,
            text=True,
            check=False,
        )

    @cached_property
    def staged(self) -> Path:
        """What would be sent, laid out once."""
        done = self("my-notes", "--stage-only")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        shutil.copytree(self.stage, self.root.parent / "staged")
        return self.root.parent / "staged"

    @property
    def sent(self) -> list[list[str]]:
        return [line.rstrip("\t").split("\t") for line in self._log.read_text().splitlines()]


@pytest.fixture(scope="module")
def deploy(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return Deployment(tmp_path_factory.mktemp("azure"))


def understood(stage: Path, *overrides: dict[str, str]) -> dict[str, Any]:
    """What Azure ML's own library, which its command line uses, takes the files for. It refuses what is wrong."""
    code = """
import json, sys
from azure.ai.ml import load_job, load_online_deployment, load_online_endpoint

stage, job, overrides = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
endpoint = load_online_endpoint(stage + "/endpoint.yml")
deployment = load_online_deployment(stage + "/deployment.yml", params_override=overrides)
job = load_job(job)
collector = deployment.data_collector
routes = deployment.environment.inference_config
print(json.dumps({
    "endpoint": [type(endpoint).__name__, endpoint.name, endpoint.auth_mode],
    "deployment": [type(deployment).__name__, deployment.name, deployment.endpoint_name],
    "model": str(deployment.model.path),
    "image": [str(deployment.environment.build.path), deployment.environment.build.dockerfile_path],
    "ports": [getattr(routes, name).port for name in ("liveness_route", "readiness_route", "scoring_route")],
    "variables": deployment.environment_variables,
    "collected": [] if collector is None else [n for n, c in collector.collections.items() if c.enabled == "true"],
    "requests": deployment.request_settings.max_concurrent_requests_per_instance,
    "insights": deployment.app_insights_enabled,
    "job": [type(job).__name__, job.command, sorted(job.inputs), sorted(job.outputs)],
}))
"""
    command = [str(azure_python()), "-c", code, str(stage), str(AZURE / "job.yml"), json.dumps(overrides)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_azure_ml_understands_the_files(deploy: Deployment) -> None:
    found = understood(deploy.staged)
    assert found["endpoint"] == ["ManagedOnlineEndpoint", "currency-identify", "key"]
    assert found["deployment"] == ["ManagedOnlineDeployment", "blue", "currency-identify"]
    assert Path(found["model"]).name == "model"
    assert (deploy.staged / "model" / "usd" / "bundle.json").is_file()
    assert found["image"] == ["image", "Dockerfile"]
    assert (deploy.staged / "image" / "Dockerfile").is_file()
    assert found["ports"] == [5001, 5001, 5001]
    assert found["variables"] == {"WORKER_COUNT": "2", "COLLECT_ANSWERS": "false"}
    assert found["requests"] == 2, "as many as there are workers"
    assert found["insights"] is False
    assert found["collected"] == [], "nothing is kept unless it is asked for"


def test_the_training_job_runs_a_command_that_exists(deploy: Deployment) -> None:
    kind, command, inputs, outputs = understood(deploy.staged)["job"]
    assert kind == "Command"
    assert (inputs, outputs) == (["data", "recipe", "weights"], ["bundle", "run"])
    from training.commands.cli import _parser

    words = command[command.index("currency-train fit") :].split()[1:]
    given = _parser().parse_args(words)
    assert (given.recipe, given.out, given.run) == ("${{inputs.recipe}}", "${{outputs.bundle}}", "${{outputs.run}}")


def test_everything_that_the_image_needs_is_laid_out(deploy: Deployment) -> None:
    image = deploy.staged / "image"
    (wheel,) = image.glob("*.whl")
    assert {path.name for path in image.iterdir()} == {"Dockerfile", "requirements.txt", "score.py", wheel.name}
    copied = [line.split()[1:-1] for line in (image / "Dockerfile").read_text().splitlines() if line.startswith("COPY")]
    for pattern in chain.from_iterable(copied):
        assert list(image.glob(pattern)), pattern
    sent = {path.name for path in (deploy.staged / "model" / "usd").iterdir()}
    assert sent == {"bundle.json", "model.tflite", "numerals.tflite"}
    listed = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)], capture_output=True, text=True, check=True
    )
    assert "currency_app/recognition/multi_currency.py" in listed.stdout


def test_a_folder_of_bundles_is_sent_whole(deploy: Deployment, tiny_bundle: Path, tmp_path: Path) -> None:
    for currency in ("usd", "eur"):
        copy_bundle(tiny_bundle, tmp_path / "both" / currency, currency=currency)
    assert deploy("my-notes", "--bundle", str(tmp_path / "both"), "--stage-only").returncode == 0
    assert {path.name for path in (deploy.stage / "model").iterdir()} == {"usd", "eur"}


def test_bundles_in_folders_of_one_name_are_not_mixed(deploy: Deployment, tiny_bundle: Path, tmp_path: Path) -> None:
    for run in ("first", "second"):
        copy_bundle(tiny_bundle, tmp_path / "runs" / run / "bundle")
    done = deploy("my-notes", "--bundle", str(tmp_path / "runs"), "--stage-only")
    assert (done.returncode, done.stdout) == (2, "")
    assert "in folders called bundle: give these other names." in done.stderr


def test_a_link_to_a_bundle_is_followed(deploy: Deployment, tiny_bundle: Path, tmp_path: Path) -> None:
    copy_bundle(tiny_bundle, tmp_path / "usd")
    (tmp_path / "link").symlink_to("usd")
    done = deploy("my-notes", "--bundle", str(tmp_path / "link"), "--stage-only")
    assert (done.returncode, done.stderr) == (0, "")
    assert (deploy.stage / "model" / "link" / "model.tflite").is_file()


def test_a_bundle_that_would_be_cleared_away_is_refused(deploy: Deployment, tiny_bundle: Path) -> None:
    mine = shutil.copytree(tiny_bundle, deploy.stage / "model" / "mine")
    done = deploy("my-notes", "--stage-only", "--bundle", str(mine))
    assert (done.returncode, "copy it elsewhere first" in done.stderr) == (2, True)
    assert (mine / "bundle.json").is_file()


def test_no_array_may_be_empty(deploy: Deployment) -> None:
    """Up to version 4.3, so on macOS too, bash takes one for an unset variable, and ends in the middle."""
    assert not re.search(r"=\(\s*\)", DEPLOY.read_text())


def test_what_is_sent_and_in_which_order(deploy: Deployment) -> None:
    done = deploy("my-notes")
    assert done.returncode == 0, done.stderr
    assert "Post images to https://somewhere/score" in done.stdout
    calls = [" ".join(call[:3]) for call in deploy.sent]
    assert calls == [
        "ml --help",
        "ml online-endpoint show",
        "ml online-endpoint create",
        "ml online-deployment create",
        "ml online-deployment show",
        "monitor autoscale create",
        "monitor autoscale rule",
        "monitor autoscale rule",
        "ml online-endpoint show",
    ]
    _, _, endpoint, deployment, _, scale, out, back, _ = deploy.sent
    assert "name=my-notes" in endpoint
    assert "endpoint_name=my-notes" in deployment
    assert "--all-traffic" in deployment
    assert not any("COLLECT" in word for word in deployment)
    assert (scale[scale.index("--min-count") + 1], scale[scale.index("--max-count") + 1]) == ("1", "4")
    assert scale[scale.index("--resource") + 1] == "/subscriptions/0/deployments/blue"
    assert out[-2:] == ["out", "2"]
    assert back[-2:] == ["in", "1"]


def test_collecting_is_asked_for_by_its_option(deploy: Deployment) -> None:
    assert deploy("my-notes", "--collect-answers").returncode == 0
    call = [call for call in deploy.sent if call[1:3] == ["online-deployment", "create"]][-1]
    settings = [word for word in call[call.index("--set") + 1 :] if "=" in word]
    overrides = [dict([word.split("=", 1)]) for word in settings]
    found = understood(deploy.stage, *overrides)
    assert found["variables"]["COLLECT_ANSWERS"] == "true"
    assert found["collected"] == ["model_outputs"]
    assert found["deployment"][2] == "my-notes"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name the endpoint"),
        (["a"], "Name the endpoint"),
        (["1st"], "Name the endpoint"),
        (["my_notes"], "Name the endpoint"),
        (["my-notes", "other"], "One endpoint at a time"),
        (["my-notes", "--colour"], "no option --colour"),
        (["my-notes", "--bundle"], "--bundle needs a folder"),
        (["my-notes", "--bundle", "nowhere"], "no model bundle in nowhere"),
    ],
)
def test_what_cannot_be_deployed_is_one_line(deploy: Deployment, arguments: list[str], said: str) -> None:
    done = deploy(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("deploy.sh: ")
    assert said in line


def test_without_the_azure_cli_it_says_what_to_install(deploy: Deployment) -> None:
    if shutil.which("az"):
        pytest.skip("the Azure CLI is installed here")
    done = deploy("my-notes", az=False)
    assert done.returncode == 2
    assert "az extension add --name ml" in done.stderr
