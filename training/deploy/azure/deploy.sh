#!/usr/bin/env bash
# Deploys a model bundle as an Azure ML managed online endpoint, from a clone of the repository: docs/azure.md.
set -euo pipefail

usage="usage: deploy.sh NAME [--bundle DIR] [--collect-answers] [--stage-only]

NAME               of the endpoint; no other in the Azure region may have it
--bundle DIR       the model bundle, or a folder of several (default: models/usd)
--collect-answers  keep what is answered, never an image, in the workspace's storage
--stage-only       lay out what would be sent in build/azure, and send nothing

The resource group and workspace are those of \`az configure --defaults group=... workspace=...\`."

refuse() {
    echo "deploy.sh: $1" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
name="" bundle="$root/models/usd" collect=no send=yes
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) echo "$usage" && exit 0 ;;
        --bundle) [ $# -gt 1 ] || refuse "--bundle needs a folder." && bundle=$2 && shift ;;
        --collect-answers) collect=yes ;;
        --stage-only) send=no ;;
        -*) refuse "There is no option $1. Try --help." ;;
        *) [ -z "$name" ] || refuse "One endpoint at a time, not $name and $1." && name=$1 ;;
    esac
    shift
done
[[ $name =~ ^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$ ]] ||
    refuse "Name the endpoint with 3 to 32 letters, digits and dashes, a letter first: deploy.sh my-notes."
bundles=$(find -H "$bundle" -name bundle.json 2>/dev/null) || true
[ -n "$bundles" ] || refuse "There is no model bundle in $bundle: give its folder with --bundle."
twice=$(while IFS= read -r description; do basename "$(dirname "$description")"; done <<<"$bundles" | sort | uniq -d)
[ -z "$twice" ] || refuse "Several model bundles in $bundle lie in folders called ${twice%%$'\n'*}: give these other names."
case "$(cd "$(dirname "${bundles%%$'\n'*}")" && pwd -P)/" in
    "$(cd "$root" && pwd -P)"/build/azure/*) refuse "$bundle lies in build/azure, which is laid out anew: copy it elsewhere first." ;;
esac
if [ $send = yes ] && ! az ml --help >/dev/null 2>&1; then
    refuse "The Azure CLI with its ml extension is missing: install it, then \`az extension add --name ml\` and \`az login\`."
fi

stage="$root/build/azure"
rm -rf "$stage"
mkdir -p "$stage/image" "$stage/model"
"${PYTHON:-python3}" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$stage/image" "$root"
cp "$here/Dockerfile" "$here/requirements.txt" "$here/score.py" "$stage/image/"
cp "$here/endpoint.yml" "$here/deployment.yml" "$stage/"
while IFS= read -r description; do
    folder=$(dirname "$description")
    mkdir -p "$stage/model/$(basename "$folder")"
    cp "$folder/bundle.json" "$folder"/*.tflite "$stage/model/$(basename "$folder")/"
done <<<"$bundles"
[ $send = yes ] || exit 0

az ml online-endpoint show --name "$name" >/dev/null 2>&1 ||
    az ml online-endpoint create --file "$stage/endpoint.yml" --set name="$name"
settings=(endpoint_name="$name")  # never empty: the bash of macOS takes an empty array for an unset variable
if [ $collect = yes ]; then
    settings+=(environment_variables.COLLECT_ANSWERS=true data_collector.collections.model_outputs.enabled=true)
fi
az ml online-deployment create --file "$stage/deployment.yml" --all-traffic \
    --set "${settings[@]}"

# From one instance to four: two more where the cores are busy for five minutes, one less where they are idle.
deployment=$(az ml online-deployment show --endpoint-name "$name" --name blue --query id --output tsv)
rules="autoscale-$name-blue"
az monitor autoscale create --name "$rules" --resource "$deployment" --min-count 1 --max-count 4 --count 1
az monitor autoscale rule create --autoscale-name "$rules" --condition "CpuUtilizationPercentage > 70 avg 5m" --scale out 2
az monitor autoscale rule create --autoscale-name "$rules" --condition "CpuUtilizationPercentage < 25 avg 5m" --scale in 1

echo "Post images to $(az ml online-endpoint show --name "$name" --query scoring_uri --output tsv)"
echo "with the key from: az ml online-endpoint get-credentials --name $name --query primaryKey --output tsv"
