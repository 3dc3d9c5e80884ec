'use strict';

/* Elements, numbers and plots that all pages share. Text never becomes markup: it goes through
   textContent or an attribute. */

const SVG = 'http://www.w3.org/2000/svg';

function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  return fill(element, attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined) {
      element.append(child.nodeType ? child : document.createTextNode(String(child)));
    }
  }
  return element;
}

/* Where the table of columns is: on this page, or on the first. */
let columnsPage = '';

function columnId(table, column) {
  return 'column-' + table + '-' + column;
}

/* Names a number's table and column, and leads to what they mean. */
function source(table, column, brief) {
  return el('a', {class: 'source', href: columnsPage + '#' + encodeURIComponent(columnId(table, column)), title: table + '.' + column},
    brief ? column : table + '.' + column);
}

function number(value, digits) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (Number.isInteger(value)) {
    return value.toLocaleString('en-US');
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    return value.toExponential(2);
  }
  const shown = digits === undefined ? (size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3) : digits;
  return value.toLocaleString('en-US', {minimumFractionDigits: 0, maximumFractionDigits: shown});
}

function percent(value) {
  return value === null || value === undefined ? '–' : number(100 * value, 100 * value < 1 ? 2 : 1) + ' %';
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
}

/* Looks of plots. */

/* viridis */
const RAMP = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'];

const LOOKS = {
  light: {
    text: '#1b1f24', muted: '#57606a', line: '#e2e5e9', axis: '#8b949e', surface: '#ffffff',
    red: '#c22f26', green: '#21813a', blue: '#2156c4', bar: '#0a6f9f',
    more: ['#9a5b00', '#7b3fa0', '#00797c'], ink: '#1b1f24', ramp: RAMP
  },
  dark: {
    text: '#e7eaee', muted: '#a6b0bb', line: '#2d343c', axis: '#6b7681', surface: '#1b2026',
    red: '#ff7a6e', green: '#62d07e', blue: '#7ea9ff', bar: '#5db7e3',
    more: ['#f0b04f', '#d29bf0', '#4fd0d3'], ink: '#ffffff', ramp: RAMP.slice(2)
  }
};
/* Okabe and Ito's colours; ClusterMap.java has the same. */
const CLUSTERS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#999999'];
const SLOTS = [['red'], ['red', 'blue'], ['red', 'green', 'blue']];

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let printing = false;

function look() {
  return dark.matches && !printing ? LOOKS.dark : LOOKS.light;
}

function clusterColour(label) {
  return label === 0 ? '#222222' : CLUSTERS[(label - 1) % CLUSTERS.length];
}

/* A channel's colour in the composite, or one of its own. */
function channelColour(channel, channels, shown) {
  const slot = shown.indexOf(channel);
  if (slot >= 0) {
    return look()[SLOTS[shown.length - 1][slot]];
  }
  const others = channels.filter(c => !shown.includes(c));
  return look().more[others.indexOf(channel) % look().more.length];
}

/* Plots are drawn when they come near the window, or before printing. */

const plots = new Map();
const near = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      draw(entry.target);
    }
  }
}, {rootMargin: '400px'});

function plot(settings) {
  const chart = el('div', {class: 'chart', role: 'img', 'aria-label': settings.alt || settings.title});
  chart.style.height = (settings.height || 300) + 'px';
  if (settings.width) {
    chart.style.maxWidth = settings.width + 'px';
  }
  plots.set(chart, {settings, echart: null});
  near.observe(chart);
  return el('figure', {class: 'plot'}, el('h4', {}, settings.title), chart,
    settings.caption ? el('figcaption', {}, settings.caption) : null,
    download(settings.title, () => plotted(option(settings, chart))));
}

/* A button that saves rows as CSV; lines() has the header first. */
function download(name, lines) {
  const button = el('button', {type: 'button', class: 'csv', 'aria-label': 'Numbers of ' + name + ' as CSV'}, 'CSV');
  button.addEventListener('click', () => {
    const text = lines().map(line => line.map(csv).join(',') + '\r\n').join('');
    const link = el('a', {href: URL.createObjectURL(new Blob([text], {type: 'text/csv'})), download: name.replace(/[^\w-]+/g, '_') + '.csv'});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  return button;
}

/* RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe. */
function csv(value) {
  if (value === null || value === undefined || typeof value === 'number') {
    return value === null || value === undefined ? '' : String(value);
  }
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/* The numbers that a plot draws: a line a point, with the names of categories. */
function plotted(option) {
  const named = (axis, value) => axis && axis.type === 'category' && typeof value === 'number' ? axis.data[value] : value;
  const heads = [option.xAxis && option.xAxis.name || 'x', option.yAxis && option.yAxis.name || 'y'];
  let more = [];
  const lines = [];
  for (const series of option.series) {
    const data = series.data || [];
    data.forEach((point, i) => {
      const value = point !== null && typeof point === 'object' && !Array.isArray(point) ? point.value : point;
      const values = Array.isArray(value) ? value : [option.xAxis.type === 'category' ? option.xAxis.data[i] : i, value];
      lines.push([series.name || '', named(option.xAxis, values[0]), named(option.yAxis, values[1]), ...values.slice(2)]);
      more = values.length - 2 > more.length ? values.slice(2) : more;
    });
    if (series.dimensions) {
      series.dimensions.slice(0, 2).forEach((d, i) => { heads[i] = heads[i] || d; });
    }
  }
  const dimensions = (option.series.find(s => s.dimensions) || {}).dimensions || [];
  return [['series', ...heads, ...more.map((_, i) => dimensions[i + 2] || (i === 0 ? 'value' : i === 1 ? 'images' : 'value ' + (i + 1)))], ...lines];
}

function draw(chart) {
  const plotted = plots.get(chart);
  near.unobserve(chart);
  if (plotted.echart || chart.clientWidth === 0) {
    return;
  }
  plotted.echart = echarts.init(chart, null, {renderer: plotted.settings.canvas ? 'canvas' : 'svg'});
  plotted.echart.on('finished', () => { chart.dataset.drawn = 'true'; });
  plotted.echart.setOption(option(plotted.settings, chart));
}

function option(settings, chart) {
  const now = look();
  return Object.assign({
    animation: false,
    textStyle: {color: now.text, fontFamily: getComputedStyle(document.body).fontFamily},
    grid: {left: 16, right: 18, top: 38, bottom: 30, containLabel: true},
    backgroundColor: 'transparent'
  }, settings.option(now, chart.clientWidth));
}

/* Of a figure that is taken out of the page. */
function forget(figure) {
  for (const chart of figure.querySelectorAll('.chart')) {
    near.unobserve(chart);
    if (plots.get(chart).echart) {
      plots.get(chart).echart.dispose();
    }
    plots.delete(chart);
  }
}

function redraw() {
  for (const [chart, plotted] of plots) {
    if (plotted.echart) {
      plotted.echart.resize();
      plotted.echart.setOption(option(plotted.settings, chart), true);
    }
  }
}

let resizing = null;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(redraw, 150);
});
dark.addEventListener('change', redraw);
window.addEventListener('beforeprint', () => {
  printing = true;
  document.documentElement.classList.add('printing');
  document.querySelectorAll('img[loading=lazy]').forEach(image => { image.loading = 'eager'; });
  for (const chart of plots.keys()) {
    draw(chart);
  }
  redraw();
});
window.addEventListener('afterprint', () => {
  printing = false;
  document.documentElement.classList.remove('printing');
  redraw();
});

function axis(now, name, more) {
  return Object.assign({
    name, nameLocation: 'middle', nameGap: 28, nameTextStyle: {color: now.muted, fontSize: 12},
    axisLabel: {color: now.muted, fontSize: 11, hideOverlap: true}, axisLine: {show: true, lineStyle: {color: now.axis}},
    axisTick: {show: true, lineStyle: {color: now.axis}}, splitLine: {lineStyle: {color: now.line}}
  }, more);
}

/* A value axis on the left; its name stands above it, where it takes no width. */
function upright(now, name, more) {
  return axis(now, name, Object.assign({type: 'value', nameLocation: 'end', nameGap: 12,
    nameTextStyle: {color: now.muted, fontSize: 12, align: 'left', padding: [0, 0, 0, -14]},
    axisLabel: {color: now.muted, fontSize: 11, formatter: short}}, more));
}

function short(value) {
  const size = Math.abs(value);
  return size >= 1e6 ? value / 1e6 + ' M' : size >= 1e4 ? value / 1e3 + ' k' : String(value);
}

function legend(now, names) {
  return {data: names, top: 0, right: 4, textStyle: {color: now.text, fontSize: 12}, itemWidth: 16, itemHeight: 9, type: 'scroll', left: 'auto'};
}

function tip(now, more) {
  return Object.assign({confine: true, backgroundColor: now.surface, borderColor: now.axis,
    textStyle: {color: now.text, fontSize: 12}}, more);
}

/* A ramp of colours beside a plot; values are of dimension 2. */
function ramp(now, max, text, logarithmic) {
  return {type: 'continuous', min: 0, max: max || 1, dimension: 2, calculable: false, orient: 'horizontal', left: 'center',
    top: 0, itemWidth: 10, itemHeight: 110, text: [text(max || 1), text(0)], textGap: 6,
    textStyle: {color: now.muted, fontSize: 11}, inRange: {color: now.ramp},
    formatter: value => text(value), show: true, hoverLink: false, logarithmic};
}

/* Bars between edges as a line of steps. */
function steps(edges, counts, scale, floor) {
  const points = counts.map((count, i) => [edges[i], Math.max(floor, count * scale)]);
  points.push([edges[edges.length - 1], Math.max(floor, counts[counts.length - 1] * scale)]);
  return points;
}

/* Tables that can be sorted. Columns: {label, value(row), show(row), source: [table, column], number}. */
function sortable(label, columns, rows, size) {
  const sorted = rows.slice();
  const body = el('tbody');
  const heads = columns.map((column, c) => {
    const button = el('button', {type: 'button'}, column.label);
    const head = el('th', {scope: 'col', class: column.number ? 'number' : null, 'aria-sort': 'none'}, button,
      column.source ? source(...column.source, true) : null);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach(h => h.setAttribute('aria-sort', 'none'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      sorted.sort((a, b) => (up ? 1 : -1) * compare(columns[c].value(a), columns[c].value(b)));
      pages.first();
    });
    return head;
  });
  const pages = pager(sorted.length, size || 25, (from, to) => {
    body.replaceChildren(...sorted.slice(from, to).map(row => el('tr', {}, columns.map(column => {
      const shown = column.show ? column.show(row) : column.number ? number(column.value(row)) : column.value(row);
      return el('td', {class: column.number ? 'number' : column.long ? 'long' : column.name ? 'name' : null},
        shown === null || shown === undefined ? '–' : shown);
    }))));
  });
  const table = columns.find(c => c.source).source[0];
  const scroll = el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label},
    el('table', {}, el('thead', {}, el('tr', {}, heads)), body));
  return el('div', {class: 'tabular'},
    el('p', {class: 'about'}, label + ', from the table ', el('a', {class: 'source', href: columnsPage + '#table-' + table}, table)), scroll,
    pages.bar, download(label, () => [columns.map(c => c.label), ...sorted.map(row => columns.map(c => c.value(row)))]));
}

/* Back and Next through so many things, of which show(from, to) shows some; no bar where all fit. */
function pager(total, size, show) {
  const back = el('button', {type: 'button'}, 'Back');
  const next = el('button', {type: 'button'}, 'Next');
  const where = el('span', {'aria-live': 'polite'});
  let from = 0;
  function go(start) {
    from = start;
    const to = Math.min(from + size, total);
    show(from, to);
    where.textContent = number(from + 1) + ' to ' + number(to) + ' of ' + number(total);
    back.disabled = from === 0;
    next.disabled = to >= total;
  }
  back.addEventListener('click', () => go(from - size));
  next.addEventListener('click', () => go(from + size));
  go(0);
  return {bar: total > size ? el('div', {class: 'pager'}, back, next, where) : null, first: () => go(0)};
}

function compare(a, b) {
  if (a === null || a === undefined || b === null || b === undefined) {
    return (a === null || a === undefined ? 1 : 0) - (b === null || b === undefined ? 1 : 0);
  }
  return typeof a === 'number' && typeof b === 'number' ? a - b
    : String(a).localeCompare(String(b), 'en', {numeric: true});
}

function question(level, text, about, ...children) {
  return el('section', {}, el(level, {}, text), about ? el('p', {class: 'about'}, about) : null, children);
}
