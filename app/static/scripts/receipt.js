// Copy the receipt code, or save it as text or picture. Nothing leaves the browser.
for (const receipt of document.querySelectorAll("[data-receipt]")) {
  const code = receipt.querySelector(".code");
  const said = receipt.querySelector("[data-said]");
  const lines = [code, ...receipt.querySelectorAll("[data-line]")].map((line) => line.textContent);
  receipt.querySelector("[data-needs-script]").hidden = false;

  receipt.querySelector("[data-copy]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = receipt.dataset.copied;
    } catch {
      getSelection().selectAllChildren(code);
      said.textContent = receipt.dataset.marked;
    }
  });
  receipt.querySelector("[data-print]").addEventListener("click", () => print());
  for (const button of receipt.querySelectorAll("[data-save]")) {
    button.addEventListener("click", async () => {
      const picture = button.dataset.save === "picture";
      const blob = picture ? await draw(lines) : new Blob([lines.join("\n") + "\n"], { type: "text/plain" });
      download(blob, receipt.dataset.file + (picture ? ".png" : ".txt"));
      said.textContent = receipt.dataset.saved;
    });
  }
}

async function draw([code, ...lines]) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const codeFont = '700 44px "Lifeline Sans", sans-serif';
  const lineFont = '400 26px "Lifeline Sans", sans-serif';
  await document.fonts.ready;
  pen.font = codeFont;
  const rows = wrap(pen, code, 900).map((text) => [codeFont, text, 60]);
  pen.font = lineFont;
  for (const line of lines) for (const text of wrap(pen, line, 900)) rows.push([lineFont, text, 40]);
  canvas.width = 1000;
  canvas.height = 100 + rows.reduce((sum, row) => sum + row[2], 0);
  pen.fillStyle = "#fffdf8";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#221f1a";
  let y = 40;
  for (const [font, text, height] of rows) {
    y += height;
    pen.font = font;
    pen.fillText(text, 50, y);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// Broken after spaces and hyphens, where a code may be broken too.
function wrap(pen, text, width) {
  const rows = [""];
  for (const piece of text.split(/(?<=[\s-])/)) {
    const longer = rows.at(-1) + piece;
    if (rows.at(-1) && pen.measureText(longer).width > width) rows.push(piece);
    else rows[rows.length - 1] = longer;
  }
  return rows;
}

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
