"""An Azure ML managed online endpoint, and a training job: docs/azure.md."""
