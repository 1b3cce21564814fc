// A canvas that is drawn on with mouse, pen, finger or keys: light ink on a dark ground.
// `changed` gets the picture as a PNG data URL after each stroke, null after clearing.
// The ink lies on a sheet of its own: the keys' cursor is seen on the canvas, not sent.
const KEYS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const STEPS = 14; // of the cursor, from one edge to the other

export function attach(canvas, changed) {
  const { width, height } = canvas;
  const ink = Math.max(width, height) / 7;
  const sheet = Object.assign(document.createElement("canvas"), { width, height });
  const inked = sheet.getContext("2d");
  const seen = canvas.getContext("2d");
  const cursor = { x: width / 2, y: height / 2 };
  let last = null;
  let keyed = false; // the keyboard is at the pad

  function show() {
    seen.drawImage(sheet, 0, 0);
    if (!keyed) return;
    for (const [colour, line] of [["#000000", 7], ["#ffb000", 4]]) {
      seen.strokeStyle = colour;
      seen.fillStyle = colour;
      seen.lineWidth = line;
      seen.beginPath();
      seen.arc(cursor.x, cursor.y, ink / 2, 0, 2 * Math.PI);
      seen.stroke();
      if (last) seen.fill();
    }
  }

  function clear(tell) {
    inked.fillStyle = "#000000";
    inked.fillRect(0, 0, width, height);
    last = null;
    show();
    if (tell) changed(null);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * width) / box.width,
      y: ((event.clientY - box.top) * height) / box.height,
    };
  }

  function lineTo(point) {
    inked.strokeStyle = "#ffffff";
    inked.lineWidth = ink;
    inked.lineCap = "round";
    inked.lineJoin = "round";
    inked.beginPath();
    inked.moveTo((last ?? point).x, (last ?? point).y);
    inked.lineTo(point.x, point.y);
    inked.stroke();
    last = point;
    show();
  }

  function end() {
    if (!last) return;
    last = null;
    show();
    changed(sheet.toDataURL("image/png"));
  }

  function move([x, y]) {
    const within = (value, size) => Math.min(Math.max(value, ink / 2), size - ink / 2);
    cursor.x = within(cursor.x + (x * width) / STEPS, width);
    cursor.y = within(cursor.y + (y * height) / STEPS, height);
    if (last) lineTo({ ...cursor });
  }

  function pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in KEYS) move(KEYS[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") clear(true);
    else if (event.key !== " " && event.key !== "Enter") return;
    else if (event.repeat) event.preventDefault();
    else if (last) end();
    else lineTo({ ...cursor });
    event.preventDefault();
    keyed = true;
    show();
  }

  canvas.onpointerdown = (event) => {
    if (event.button !== 0) return;
    end();
    keyed = false;
    canvas.setPointerCapture(event.pointerId);
    lineTo(place(event));
  };
  canvas.onpointermove = (event) => {
    if (last && !keyed) lineTo(place(event));
  };
  canvas.onpointerup = () => {
    if (!keyed) end();
  };
  canvas.onpointercancel = canvas.onpointerup;
  canvas.onkeydown = pressed;
  canvas.onfocus = () => {
    keyed = canvas.matches(":focus-visible");
    show();
  };
  canvas.onblur = () => {
    keyed = false;
    end();
    show();
  };
  canvas.tabIndex = 0;
  canvas.style.touchAction = "none";
  clear(false);
  return { clear: () => clear(true) };
}
