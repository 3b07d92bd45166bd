// Draws every <figure data-chart> from the JSON inside it, in the colours and type of the tokens. It draws anew when the
// theme changes and when a live region was replaced. Nothing moves: a figure that changed is simply there.
(() => {
  "use strict";
  const drawn = new Map(); // figure → Chart
  const open = new Set(); // ids of figures whose table is open, kept over a refresh
  const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 4]];
  const POINTS = ["circle", "rect", "triangle", "rectRot", "cross", "star"];
  const language = document.documentElement.lang || "en";
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

  const look = () => {
    const style = getComputedStyle(document.body);
    const token = (name) => style.getPropertyValue(name).trim();
    return {
      series: [1, 2, 3, 4, 5, 6].map((n) => token(`--chart-${n}`)),
      ink: token("--ink"), soft: token("--ink-soft"), line: token("--line"), sheet: token("--sheet"),
      font: { family: style.fontFamily, size: 12 },
    };
  };

  // A colour is never the only sign: the second series is striped, the third dotted, and so on.
  const filled = (colour, place, sheet) => {
    if (place % 6 === 0) return colour;
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = sheet;
    pen.lineWidth = 1.5;
    pen.beginPath();
    const lines = { 1: [[-2, 6, 2, 10], [-2, -2, 10, 10], [6, -2, 10, 2]], 3: [[0, 4, 8, 4]], 4: [[4, 0, 4, 8]], 5: [[0, 4, 8, 4], [4, 0, 4, 8]] };
    if (place % 6 === 2) pen.arc(4, 4, 1.5, 0, 2 * Math.PI);
    for (const [x, y, toX, toY] of lines[place % 6] ?? []) { pen.moveTo(x, y); pen.lineTo(toX, toY); }
    if (place % 6 === 2) pen.fill(); else pen.stroke();
    return pen.createPattern(tile, "repeat");
  };

  const wrapped = (text) => (text ? text.match(/.{1,44}(\s|$)|\S{1,44}/g) : []);

  const dataset = (facts, series, place, ink) => {
    const colour = ink.series[place % 6];
    const values = facts.at ? series.values.map((y, n) => ({ x: facts.at[n], y })) : series.values;
    if (facts.kind === "stacked" || facts.kind === "bars") {
      return {
        label: series.name, data: values, backgroundColor: filled(colour, place, ink.sheet), borderColor: ink.sheet,
        borderWidth: facts.kind === "stacked" ? { top: 1 } : 0, maxBarThickness: 34, categoryPercentage: 0.86, barPercentage: 0.94,
      };
    }
    const many = values.length > 60;
    return {
      label: series.name, data: values, borderColor: colour, backgroundColor: colour, borderWidth: 2, borderDash: DASHES[place % 6],
      stepped: facts.kind === "steps" ? "before" : false, spanGaps: true,
      pointStyle: POINTS[place % 6], pointRadius: many ? 0 : 3, pointHoverRadius: 5, pointHitRadius: 8,
    };
  };

  const axes = (facts, ink) => {
    const ticks = { color: ink.soft, font: ink.font };
    const along = { stacked: facts.kind === "stacked", grid: { display: false }, border: { color: ink.line }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 } };
    if (facts.at) {
      const words = new Map(facts.ticks.map((tick) => [tick.at, tick.label]));
      Object.assign(along, {
        type: "linear", min: facts.at[0], max: facts.at[facts.at.length - 1],
        afterBuildTicks: (axis) => { axis.ticks = facts.ticks.map((tick) => ({ value: tick.at })); },
      });
      along.ticks.callback = (value) => words.get(value) ?? "";
    }
    return {
      x: along,
      y: {
        stacked: facts.kind === "stacked", beginAtZero: true, grid: { color: ink.line }, border: { display: false },
        ticks: { ...ticks, precision: 0, maxTicksLimit: 6, callback: (value) => number.format(value) },
        title: { display: Boolean(facts.unit), text: facts.unit, color: ink.soft, font: ink.font },
      },
    };
  };

  const options = (facts, ink) => ({
    animation: false, responsive: true, maintainAspectRatio: false, events: ["mousemove", "mouseout", "click", "touchstart", "touchmove"],
    interaction: { mode: "index", intersect: false },
    scales: axes(facts, ink),
    plugins: {
      legend: { display: facts.series.length > 1, position: "top", align: "start", labels: { color: ink.ink, font: ink.font, boxWidth: 14, boxHeight: facts.kind === "lines" || facts.kind === "steps" ? 8 : 12, usePointStyle: facts.kind === "lines" || facts.kind === "steps", boxPadding: 4 } },
      tooltip: {
        backgroundColor: ink.ink, titleColor: ink.sheet, bodyColor: ink.sheet, footerColor: ink.sheet, titleFont: ink.font, bodyFont: ink.font, footerFont: { ...ink.font, weight: "normal" },
        filter: (item) => facts.kind !== "stacked" || item.raw !== 0,
        callbacks: {
          title: (items) => (items.length ? facts.labels[items[0].dataIndex] : ""),
          label: (item) => `${item.dataset.label}: ${number.format(item.parsed.y)}`,
          footer: (items) => (items.length ? wrapped(facts.causes[items[0].dataIndex]) : ""),
        },
      },
    },
  });

  const draw = (figure) => {
    const facts = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    const ink = look();
    drawn.get(figure)?.destroy();
    drawn.set(figure, new Chart(figure.querySelector("canvas"), {
      type: facts.kind === "stacked" || facts.kind === "bars" ? "bar" : "line",
      data: { labels: facts.at ? undefined : facts.short, datasets: facts.series.map((series, place) => dataset(facts, series, place, ink)) },
      options: options(facts, ink),
    }));
    figure.dataset.chart = "drawn";
  };

  const sweep = () => {
    for (const [figure, chart] of drawn) {
      if (figure.isConnected) continue;
      chart.destroy();
      drawn.delete(figure);
    }
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      if (drawn.has(figure)) continue;
      if (open.has(figure.id)) figure.querySelector("details").open = true;
      draw(figure);
    }
  };
  document.addEventListener("toggle", (event) => {
    const figure = event.target.closest?.("figure[data-chart]");
    if (figure && event.target.open) open.add(figure.id);
    else if (figure) open.delete(figure.id);
  }, true);

  sweep();
  document.fonts.ready.then(() => { for (const figure of drawn.keys()) draw(figure); });
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === 1 && (node.matches("figure[data-chart]") || node.querySelector("figure[data-chart]"))))) sweep();
  }).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(() => { for (const figure of drawn.keys()) draw(figure); }).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
