// A canvas that is drawn on with mouse, pen or finger: light ink on a dark ground.
// `changed` gets the picture as a PNG data URL after each stroke, null after clearing.
export function attach(canvas, changed) {
  const context = canvas.getContext("2d");
  const ink = Math.max(canvas.width, canvas.height) / 7;
  let last = null;

  function clear(tell) {
    context.fillStyle = "#000000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    last = null;
    if (tell) changed(null);
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * canvas.width) / box.width,
      y: ((event.clientY - box.top) * canvas.height) / box.height,
    };
  }

  function lineTo(point) {
    context.strokeStyle = "#ffffff";
    context.lineWidth = ink;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.beginPath();
    context.moveTo(last.x, last.y);
    context.lineTo(point.x, point.y);
    context.stroke();
    last = point;
  }

  function end() {
    if (!last) return;
    last = null;
    changed(canvas.toDataURL("image/png"));
  }

  canvas.onpointerdown = (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    lineTo(last);
  };
  canvas.onpointermove = (event) => {
    if (last) lineTo(place(event));
  };
  canvas.onpointerup = end;
  canvas.onpointercancel = end;
  canvas.style.touchAction = "none";
  clear(false);
  return { clear: () => clear(true) };
}
