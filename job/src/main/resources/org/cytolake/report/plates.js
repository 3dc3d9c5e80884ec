/* The plates: their wells by what was measured and by what was done to them. */

const PLATES = 12; // shown at once
const MOST_NAMES = 16; // of treatments above a plate

/* Row and column of a well from what the pattern found: well = B02, or row = B and column = 2. */
function position(image, groups) {
  let row = null;
  let column = null;
  if (groups.includes('well')) {
    const match = /^([A-Za-z]{1,2})[ _-]?0*(\d{1,3})$/.exec(image.well || '');
    if (match) {
      row = match[1].toUpperCase();
      column = Number(match[2]);
    }
  } else {
    const rowGroup = groups.find(g => g === 'row');
    const columnGroup = groups.find(g => g === 'column' || g === 'col');
    if (rowGroup && columnGroup && /^\d{1,3}$/.test(image[columnGroup])) {
      column = Number(image[columnGroup]);
      row = /^\d{1,2}$/.test(image[rowGroup]) ? letters(Number(image[rowGroup])) : String(image[rowGroup]).toUpperCase();
      if (!/^[A-Z]{1,2}$/.test(row)) {
        row = null;
      }
    }
  }
  return row === null || column < 1 || column > 48 ? null : {row, column};
}

function letters(n) {
  return n > 26 ? 'A' + String.fromCharCode(64 + n - 26) : String.fromCharCode(64 + Math.max(1, n));
}

function ordinal(row) {
  return row.length === 1 ? row.charCodeAt(0) - 65 : 26 + row.charCodeAt(1) - 65;
}

/* [plate, its images with their wells] of all plates. */
function onPlates(images, groups) {
  const byPlate = new Map();
  for (const image of images) {
    const at = position(image, groups);
    if (at !== null) {
      const plate = groups.includes('plate') ? image.plate : '';
      if (!byPlate.has(plate)) {
        byPlate.set(plate, []);
      }
      byPlate.get(plate).push({image, at});
    }
  }
  return [...byPlate];
}

/* The name of a well: A01. */
function wellName(at) {
  return at.row + String(at.column).padStart(2, '0');
}

function plates(main, data, images, found) {
  const all = onPlates(images, data.groups);
  if (all.length === 0) {
    return;
  }
  const measures = [];
  if (found) {
    measures.push({name: 'Nuclei, mean of the images', of: i => i.nuclei, from: ['images', 'nuclei']});
    measures.push({name: 'Nuclei, sum of the images', of: i => i.nuclei, sum: true, from: ['images', 'nuclei']});
  }
  for (const channel of data.channels) {
    const of = column => i => i.statistics[channel] ? i.statistics[channel][column] : null;
    measures.push({name: 'Mean intensity of ' + channel, of: of('mean'), from: ['channel_stats', 'mean']});
    measures.push({name: 'Stained share of ' + channel + ', %', of: i => of('stained_fraction')(i) === null ? null : 100 * of('stained_fraction')(i), from: ['channel_stats', 'stained_fraction']});
  }
  for (const pair of new Set(images.flatMap(i => Object.keys(i.pairs)))) {
    measures.push({name: 'Pearson, ' + pair, of: i => i.pairs[pair] ? i.pairs[pair].pearson : null, from: ['colocalization', 'pearson']});
  }
  measures.push(...qualities(data));
  const treated = treatments(data);
  const measured = measures.slice();
  treated.forEach(t => measures.push(t));
  let measure, limits;
  function choose(chosen) {
    measure = chosen;
    limits = measure.names ? [0, measure.names.length - 1]
      : extent(all.flatMap(([, wells]) => perWell(wells, measure).map(w => w[2])));
  }
  choose(measures[0]);
  const size = format(all.flatMap(([, wells]) => wells));
  const select = el('select', {id: 'measure'}, options(measures));
  const from = el('span', {}, source(...measure.from));
  const grid = el('div', {class: all.length > 1 ? 'grid' : ''});
  const pages = pager(all.length, PLATES, (start, end) => {
    [...grid.children].forEach(forget);
    grid.replaceChildren(...all.slice(start, end).map(([plate, wells]) => plateMap(plate, wells, size, () => ({measure, limits}))));
  });
  select.addEventListener('change', () => {
    choose(measures[Number(select.value)]);
    from.replaceChildren(source(...measure.from));
    redraw();
  });
  const several = all.length > 1;
  main.append(question('h3', several ? 'How do the wells of the plates differ?' : 'How do the wells of the plate differ?',
    several ? 'A colour means the same on every plate.' : null,
    el('div', {class: 'pick'}, el('label', {for: 'measure'}, 'Show'), select, from), grid, pages.bar));
  if (treated.length > 0) {
    byTreatment(main, all, measured, treated);
  }
}

/* Choices of measures, those of a kind together. */
function options(measures) {
  const entries = measures.map((m, i) => ({kind: m.kind, option: el('option', {value: i}, m.name)}));
  const kinds = [...new Set(entries.map(e => e.kind))];
  return kinds.map(kind => {
    const some = entries.filter(e => e.kind === kind).map(e => e.option);
    return kind ? el('optgroup', {label: kind}, some) : some;
  });
}

const QUALITY = {
  power_log_log_slope: 'Slope of the power spectrum (lower where blurred)', focus_score: 'Focus score', mad: 'Median absolute deviation',
  percent_maximal: 'Pixels at the maximum, %', maximal_spike: 'Spike at the maximum', percent_minimal: 'Pixels at the minimum, %', saturated_fraction: 'Saturated share',
  background_fraction: 'Share of background', total: 'Sum of intensities', mean: 'Mean intensity', median: 'Median intensity',
  stddev: 'Standard deviation', min: 'Smallest intensity', max: 'Largest intensity', threshold_otsu: 'Otsu’s threshold of logarithms',
  threshold_background: 'Background threshold', threshold_robust_background: 'Robust background threshold',
  threshold_ridler_calvard: 'Ridler and Calvard’s threshold', threshold_mct: 'Maximum correlation threshold'
};
const QUALITY_BY_SCALE = {local_focus_score: 'Local focus score, cells of ', correlation: 'Correlation at '};

/* All that image_quality measures, a well's images together. */
function qualities(data) {
  const rows = objects(data.quality_by_well);
  const places = ['plate', 'well', 'row', 'column', 'col'];
  const where = (row, channel) => channel + '\n' + places.map(p => row[p]).join('\n');
  const byWell = new Map(rows.map(r => [where(r, r.channel), r]));
  const columns = (data.quality_by_well || {columns: []}).columns.filter(c => ![...places, 'image', 'series', 'z', 't', 'channel', 'images'].includes(c));
  return data.channels.flatMap(channel => columns
    .filter(column => rows.some(r => r.channel === channel && r[column] !== null))
    .map(column => {
      const scale = /^(local_focus_score|correlation)_(\d+)$/.exec(column);
      const name = scale ? QUALITY_BY_SCALE[scale[1]] + scale[2] + ' pixels' : QUALITY[column];
      return {name: name + ', ' + channel, kind: 'Quality of ' + channel, from: ['image_quality', scale ? scale[1] : column],
        of: image => {
          const well = byWell.get(where(image, channel));
          return well === undefined ? null : well[column];
        }};
    }));
}

/* What the plate map says of the images' wells: image.treatment, by column. */
function treat(data, images) {
  const ofPlates = data.plateMap && data.plateMap.columns.includes('plate');
  const well = i => (ofPlates ? i.plate + '\n' : '') + i.well;
  const rows = new Map(objects(data.plateMap || undefined).map(r => [well(r), r]));
  images.forEach(image => { image.treatment = rows.get(well(image)) || {}; });
  if (data.plateMap) {
    data.tables.push({table: 'plate_map', description: 'One row per well: what was done to it, as the plate map says.',
      columns: data.plateMap.columns.map(name => ({name, type: data.plateMap.rows.some(r => typeof r[data.plateMap.columns.indexOf(name)] === 'number') ? 'number' : 'STRING',
        comment: name === 'plate' || name === 'well' ? 'The ' + name + ' as the tables name it.' : 'As the plate map says.'}))});
  }
}

/* The plate map's columns as measures; of texts the values are numbers of names. */
function treatments(data) {
  if (!data.plateMap) {
    return [];
  }
  return data.plateMap.columns.filter(c => c !== 'plate' && c !== 'well').map(column => {
    const at = data.plateMap.columns.indexOf(column);
    const all = [...new Set(data.plateMap.rows.map(r => r[at]).filter(v => v !== null))].sort(compare);
    const known = i => i.treatment[column] === undefined ? null : i.treatment[column];
    const numeric = all.every(v => typeof v === 'number');
    return {name: column + ' (plate map)', column, all, known, from: ['plate_map', column],
      names: numeric ? null : all.map(String),
      of: numeric ? known : i => known(i) === null ? null : all.indexOf(known(i))};
  });
}

function namedColours(count, now) {
  return Array.from({length: count}, (_, i) => count <= CLUSTERS.length ? CLUSTERS[i]
    : now.ramp[Math.round(i * (now.ramp.length - 1) / (count - 1))]);
}

/* [name, values of the wells] of every treatment, in the order of the names. */
function grouped(plates, measure, by) {
  const groups = new Map(by.all.concat([null]).map(v => [v, []]));
  for (const [, wells] of plates) {
    const known = new Map(wells.map(w => [w.at.column - 1 + ' ' + ordinal(w.at.row), by.known(w.image)]));
    for (const [column, row, value] of perWell(wells, measure)) {
      groups.get(known.get(column + ' ' + row)).push(value);
    }
  }
  return [...groups].filter(([, values]) => values.length > 0)
    .map(([name, values]) => [name === null ? 'not in the map' : String(name), values.sort((a, b) => a - b)]);
}

function middle(sorted) {
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function byTreatment(main, plates, measures, treated) {
  let measure = measures[0];
  let by = treated.find(t => t.all.length > 1) || treated[0];
  const show = el('select', {id: 'grouped-measure'}, options(measures));
  const group = el('select', {id: 'grouped-by'}, treated.map((t, i) => el('option', {value: i, selected: t === by}, t.column)));
  const place = el('div');
  const draw = () => {
    [...place.children].forEach(forget);
    const groups = grouped(plates, measure, by);
    place.replaceChildren(plot({
      title: measure.name + ', by ' + by.column,
      caption: ['Each point is a well, with all of its images together; the line is the median of the wells. ', source(...measure.from), ' ', source(...by.from)],
      alt: measure.name + ' of the wells of each of ' + groups.length + ' values of ' + by.column,
      height: 340,
      option: (now, width) => ({
        tooltip: tip(now, {formatter: p => escaped(groups[p.value[0]][0]) + ': <b>' + number(p.value[1]) + '</b>'}),
        grid: {left: 14, right: 18, top: 40, bottom: 12, containLabel: true},
        xAxis: axis(now, '', {type: 'category', data: groups.map(g => g[0]), splitLine: {show: false},
          axisLabel: {color: now.muted, fontSize: 11, rotate: rotation(groups.map(g => g[0]), width), width: 130, overflow: 'truncate', hideOverlap: true}}),
        yAxis: upright(now, '', {scale: true}),
        series: [
          {type: 'scatter', name: 'well', symbolSize: 6, itemStyle: {color: now.bar, opacity: 0.6}, data: groups.flatMap(([, values], i) => values.map(v => [i, v]))},
          {type: 'scatter', name: 'median', symbol: 'rect', symbolSize: [34, 3], z: 5, itemStyle: {color: now.ink}, data: groups.map(([, values], i) => [i, middle(values)])}]
      })
    }), sortable(measure.name + ', by ' + by.column, [
      {label: by.column, value: g => g[0], source: by.from, name: true},
      {label: 'Wells', value: g => g[1].length, number: true},
      {label: 'Mean', value: g => g[1].reduce((a, b) => a + b, 0) / g[1].length, number: true},
      {label: 'Median', value: g => middle(g[1]), number: true},
      {label: 'Least', value: g => g[1][0], number: true},
      {label: 'Most', value: g => g[1][g[1].length - 1], number: true}
    ], groups, 12));
  };
  show.addEventListener('change', () => { measure = measures[Number(show.value)]; draw(); });
  group.addEventListener('change', () => { by = treated[Number(group.value)]; draw(); });
  draw();
  const section = question('h3', 'How do the treatments differ?', null,
    el('div', {class: 'pick'}, el('label', {for: 'grouped-measure'}, 'Show'), show, el('label', {for: 'grouped-by'}, 'by'), group), place);
  section.id = 'treatments';
  main.append(section);
}

/* [column, row, mean or sum of the images' values, number of images] of every well with a value. */
function perWell(wells, measure) {
  const values = new Map();
  for (const well of wells) {
    const value = measure.of(well.image);
    if (value !== null && value !== undefined) {
      const at = well.at.column - 1 + ' ' + ordinal(well.at.row);
      if (!values.has(at)) {
        values.set(at, []);
      }
      values.get(at).push(value);
    }
  }
  return [...values].map(([at, all]) => {
    const sum = all.reduce((a, b) => a + b, 0);
    return [...at.split(' ').map(Number), measure.sum ? sum : sum / all.length, all.length];
  });
}

function extent(values) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return values.length === 0 ? [0, 1] : [low, high];
}

/* Rows and columns of the smallest usual plate that has the wells. */
function format(wells) {
  const [, rows] = extent(wells.map(w => ordinal(w.at.row) + 1));
  const [, columns] = extent(wells.map(w => w.at.column));
  return [[2, 3], [4, 6], [8, 12], [16, 24], [32, 48]].find(([r, c]) => rows <= r && columns <= c) || [rows, columns];
}

/* shown() is the measure and its limits, over all plates. */
function plateMap(plate, wells, [plateRows, plateColumns], shown) {
  const rowNames = Array.from({length: plateRows}, (_, r) => letters(r + 1));
  const columnNames = Array.from({length: plateColumns}, (_, c) => String(c + 1));
  const side = Math.max(22, Math.min(44, 1050 / plateColumns));
  const height = Math.round(88 + plateRows * Math.min(side, 480 / plateRows));
  return plot({
    width: Math.round(Math.max(280, 56 + plateColumns * side)), // its colours' legend needs so much
    title: plate ? 'Plate ' + plate : 'Plate',
    caption: 'Each square is a well, with all of its images together; wells without images stay empty.',
    alt: 'Heat map of the wells' + (plate ? ' of plate ' + plate : ''),
    height,
    option: now => {
      const {measure, limits: [low, high]} = shown();
      return {
        tooltip: tip(now, {formatter: p => escaped(rowNames[p.value[1]] + columnNames[p.value[0]].padStart(2, '0')) + ': <b>' + (measure.names ? escaped(measure.names[p.value[2]]) : number(p.value[2])) +
          '</b> (' + p.value[3] + (p.value[3] === 1 ? ' image)' : ' images)')}),
        grid: {left: 10, right: 14, top: 52, bottom: 8, containLabel: true},
        visualMap: measure.names ? {type: 'piecewise', dimension: 2, orient: 'horizontal', left: 'center', top: 0, itemWidth: 12, itemHeight: 12,
          textStyle: {color: now.text}, hoverLink: false, selectedMode: false, show: measure.names.length <= MOST_NAMES,
          pieces: namedColours(measure.names.length, now).map((color, i) => ({value: i, label: measure.names[i], color}))}
          : {type: 'continuous', min: low, max: high > low ? high : low + 1, dimension: 2, orient: 'horizontal', left: 'center', top: 0,
          itemWidth: 12, itemHeight: 140, text: [number(high), number(low)], textStyle: {color: now.text}, inRange: {color: now.ramp}, calculable: false},
        xAxis: axis(now, '', {type: 'category', data: columnNames, position: 'top', axisTick: {show: false}, axisLine: {show: false}, splitLine: {show: true, interval: 0, lineStyle: {color: now.line}}}),
        yAxis: axis(now, '', {type: 'category', data: rowNames, inverse: true, axisTick: {show: false}, axisLine: {show: false}, splitLine: {show: true, interval: 0, lineStyle: {color: now.line}}}),
        series: [{type: 'heatmap', data: perWell(wells, measure), itemStyle: {borderColor: now.surface, borderWidth: 3, borderRadius: 6},
          emphasis: {itemStyle: {borderColor: now.ink}}}]
      };
    }
  });
}
