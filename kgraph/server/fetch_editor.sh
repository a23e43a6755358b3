#!/usr/bin/env bash
# Fetches the query editor anew: YASQE of the YASGUI project, MIT, as its authors built it.
set -euo pipefail
version=4.2.28
cd "$(dirname "$0")/static"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "@triply/yasqe@$version" && tar xzf triply-yasqe-*.tgz)
# Without the reference to a source map that is not here.
sed '/^\/\/# sourceMappingURL=/d' "$work/package/build/yasqe.min.js" > yasqe.min.js
sed '/^\/\*# sourceMappingURL=/d' "$work/package/build/yasqe.min.css" > yasqe.min.css
cp "$work/package/LICENSE.txt" yasqe.LICENSE.txt
