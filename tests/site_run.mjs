// Run one notebook of the site under the site's own Pyodide, in Node, as its kernel would in a
// browser, and print what its cells gave, with seconds and megabytes, as one line of JSON.
//
//   node tests/site_run.mjs SITE work/00_start_here.ipynb
import fs from "node:fs";
import path from "node:path";

const [site, notebook] = process.argv.slice(2);
const lite = path.resolve(site, "try");
const home = path.join(lite, "static/pyodide") + "/";
const settings = JSON.parse(fs.readFileSync(path.join(lite, "jupyter-lite.json")));
const plugin = "@jupyterlite/pyodide-kernel-extension:kernel";
const options = settings["jupyter-config-data"].litePluginSettings[plugin].loadPyodideOptions;
const { loadPyodide } = await import(path.join(home, "pyodide.mjs"));
const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;

const log = console.log;
console.log = () => {}; // which packages are loaded
const python = await loadPyodide({ indexURL: home, packageCacheDir: home, ...options });
python.FS.mkdirTree("/drive");
python.FS.mount(python.FS.filesystems.NODEFS, { root: path.join(lite, "files") }, "/drive");
python.globals.set("folder", "/drive/" + path.dirname(notebook));
await python.runPythonAsync(`
import os

os.chdir(folder)
import pyodide_kernel as k

shell, outputs = k.ipython_shell, []


def stream(name, text):
    if outputs and outputs[-1].get("name") == name:
        outputs[-1]["text"] += text
    else:
        outputs.append({"output_type": "stream", "name": name, "text": text})


def shown(kind):
    return lambda *given: outputs.append({"output_type": kind, "data": dict(given[-2])})


k.stdout_stream.publish_stream_callback = stream
k.stderr_stream.publish_stream_callback = stream
shell.displayhook.publish_execution_result = shown("execute_result")
shell.display_pub.display_data_callback = lambda data, *_: shown("display_data")(data, None)
shell.display_pub.update_display_data_callback = lambda *_: None
shell.display_pub.clear_output_callback = lambda *_: None
k.kernel_instance.interpreter.send_comm = lambda *_: None


async def run(code):
    outputs.clear()
    k.kernel_instance._parent_header = {"header": {}}
    result = await k.kernel_instance.run(code)
    if result["status"] == "error":
        outputs.append({"output_type": "error", "ename": result["ename"], "evalue": result["evalue"]})
    return outputs
`);
const run = python.globals.get("run");
const boot = seconds();
const cells = [];
for (const cell of JSON.parse(fs.readFileSync(path.join(lite, "files", notebook))).cells) {
  if (cell.cell_type !== "code") continue;
  const before = seconds();
  const given = await run([].concat(cell.source).join(""));
  const outputs = given.toJs({ dict_converter: Object.fromEntries });
  for (const output of outputs)
    for (const kind of Object.keys(output.data ?? {}))
      if (kind.startsWith("image")) output.data[kind] = "";
  const megabytes = python._module.HEAPU8.length / 2 ** 20;
  cells.push({ id: cell.id, outputs, seconds: seconds() - before, megabytes });
}
log(JSON.stringify({ notebook, boot, seconds: seconds() - boot, cells,
                     megabytes: python._module.HEAPU8.length / 2 ** 20 }));
process.exit(0);
