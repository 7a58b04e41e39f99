// Builds css/, js/ and icons/ into recruiter/static/dist with hashed names, and writes the manifest that Python reads.

import { brotliCompressSync, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../recruiter/static/dist");

// Entry points by the name that a template asks for.
const entries = {
  main: "css/main.css",
  dark: "css/dark.css",
  candidate: "css/candidate.css",
  docs: "css/docs.css",
};
const scripts = { main: "js/main.js", docs: "js/docs.js", print: "js/print.js" };

// Everything that ends up in the output and was not written here.
const thirdParty = ["@fontsource-variable/inter", "htmx.org", "swagger-ui-dist"];

async function bundle(entryPoints) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints,
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome100", "firefox100", "safari15.4"],
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file" },
    legalComments: "none", // swagger-ui's notices come from its own file below
    metafile: true,
    logLevel: "warning",
  });
  const names = Object.entries(result.metafile.outputs)
    .filter(([, output]) => output.entryPoint)
    .map(([file]) => path.basename(file));
  return Object.fromEntries(names.map((name) => [name.replace(/-[A-Z0-9]{8}\./, "."), name]));
}

async function sprite() {
  const folder = path.join(here, "icons");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
  const symbols = await Promise.all(
    files.map(async (name) => {
      const drawing = (await readFile(path.join(folder, name), "utf8")).trim();
      return drawing
        .replace(/^<svg[^>]*>/, `<symbol id="${path.basename(name, ".svg")}" viewBox="0 0 24 24">`)
        .replace(/<\/svg>$/, "</symbol>");
    }),
  );
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  return { file: await hashed("icons", text), names: files.map((name) => path.basename(name, ".svg")) };
}

async function hashed(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  await writeFile(path.join(out, `${name}-${hash}.svg`), text);
  return `${name}-${hash}.svg`;
}

async function licences() {
  const parts = await Promise.all(
    thirdParty.map(async (name) => {
      const folder = path.join(here, "node_modules", name);
      const { version } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
      const texts = (await readdir(folder)).filter((file) => /^(LICENSE|NOTICE)|bundle\.js\.LICENSE\.txt$/.test(file));
      const bodies = await Promise.all(texts.sort().map((file) => readFile(path.join(folder, file), "utf8")));
      return `${name} ${version}\n\n${bodies.join("\n")}`;
    }),
  );
  await writeFile(path.join(out, "licences.txt"), parts.join(`\n${"-".repeat(80)}\n`));
}

async function compress() {
  const names = (await readdir(out)).filter((name) => /\.(js|css|svg)$/.test(name));
  for (const name of names) {
    const bytes = await readFile(path.join(out, name));
    await writeFile(path.join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    await writeFile(path.join(out, `${name}.br`), brotliCompressSync(bytes));
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const files = { ...(await bundle(entries)), ...(await bundle(scripts)) };
const icons = await sprite();
const mark = await hashed("mark", await readFile(path.join(here, "mark.svg"), "utf8"));
await licences();
await compress();
const manifest = { files: { ...files, "icons.svg": icons.file, "mark.svg": mark }, icons: icons.names };
await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
