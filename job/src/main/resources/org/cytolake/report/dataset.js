/* The first page: the data set as a whole. */

const MANY_BARS = 60; // more have no names below them
const GALLERY = 96; // images shown at once
const MOST_BARS = 200; // more are points

/* The rows of a part as objects; of those that name their image by its place, with its key. */
function objects(part, images) {
  return part === undefined ? [] : part.rows.map(row => {
    const object = {};
    part.columns.forEach((column, i) => { object[column] = row[i]; });
    if (object.place !== undefined && images) {
      const {image, series, z, t} = images[object.place];
      Object.assign(object, {image, series, z, t});
    }
    return object;
  });
}

function key(row) {
  return JSON.stringify([row.image, row.series, row.z, row.t]);
}

function title(row) {
  return row.image + (row.z > 0 ? ', z ' + row.z : '') + (row.t > 0 ? ', t ' + row.t : '');
}

function renderDataSet(main, data) {
  const listed = objects(data.images);
  const images = listed.slice().sort((a, b) => compare(a.image, b.image) || a.z - b.z || a.t - b.t);
  const complete = images.filter(i => i.status === 'ok');
  const statistics = objects(data.channel_stats, listed);
  const pairs = objects(data.colocalization, listed);
  const models = objects(data.cluster_models);
  const errors = objects(data.errors);
  const flags = objects(data.flags);
  const byImage = new Map(complete.map(i => [key(i), i]));
  treat(data, complete);
  for (const image of complete) {
    image.statistics = {};
    image.flags = [];
    image.pairs = {};
  }
  statistics.forEach(s => { if (byImage.has(key(s))) { byImage.get(key(s)).statistics[s.channel] = s; } });
  flags.forEach(f => { if (byImage.has(key(f))) { byImage.get(key(f)).flags.push(f); } });
  pairs.forEach(p => { if (byImage.has(key(p))) { byImage.get(key(p)).pairs[p.x_channel + ' / ' + p.y_channel] = p; } });
  const found = data.totals.nuclei !== null;
  main.append(
    el('h1', {}, 'Cytolake report'),
    el('p', {class: 'muted'}, 'Written ' + data.written.replace('T', ' ').replace('Z', ' UTC') + ' by run ' + data.run +
      (data.version ? ', Cytolake ' + data.version : '') + '. Every number names its table and column, as ',
      el('span', {class: 'source'}, 'table.column'), '; the tables lie beside this report.'),
    contents(data, errors, flags, found),
    tiles(data, found));
  if (data.totals.complete + data.totals.failed > data.most) {
    main.append(el('div', {class: 'notice'}, 'The first ' + number(data.most) +
      ' images are listed one by one; the totals above are of all. The tables hold the rest.'));
  }
  failures(main, errors);
  doubts(main, flags);
  warnings(main, complete.filter(i => i.flags.length === 0));
  if (complete.length > 0) {
    if (found) {
      nucleiOfAll(main, data, complete);
    }
    montage(main, data, complete);
    plates(main, data, complete, found);
    illumination(main, data);
    intensities(main, data, complete);
    if (pairs.length > 0) {
      together(main, data, complete);
    }
    if (models.length > 0) {
      kinds(main, data, models, complete);
    }
    gallery(main, data, complete.slice().sort((a, b) => b.flags.length - a.flags.length)); // flagged ones first
  }
  columns(main, data);
  main.append(el('footer', {}, 'Plots by Apache ECharts (Apache-2.0) and d3-contour (ISC). This page loads nothing from the network.'));
}

function contents(data, errors, flags, found) {
  const entries = [];
  if (errors.length > 0) { entries.push(['failures', 'Failures']); }
  if (flags.length > 0) { entries.push(['doubts', 'Quality']); }
  if (data.totals.complete > 0) {
    if (found) { entries.push(['nuclei', 'Nuclei']); }
    if (onPlates(objects(data.images), data.groups).length > 0) { entries.push(['montage', 'Montage']); }
    if (data.illumination.count > 0) { entries.push(['illumination', 'Uneven light']); }
    entries.push(['intensities', 'Intensities']);
    if (data.colocalization !== undefined && data.colocalization.rows.length > 0) { entries.push(['together', 'Co-localisation']); }
    if (objects(data.cluster_models).length > 0) { entries.push(['clusters', 'Clusters of pixels']); }
    entries.push(['images', 'Images']);
  }
  entries.push(['columns', 'Tables and columns']);
  return el('nav', {'aria-label': 'Contents'}, el('ul', {class: 'contents'},
    entries.map(([id, text]) => el('li', {}, el('a', {href: '#' + id}, text)))));
}

/* Above so many channels a tile says how many there are. */
const MOST_NAMED = 6;

function tile(value, text, from, kind) {
  return el('div', {class: 'tile ' + (kind || '')}, el('b', {}, value), text, el('br'), from);
}

function tiles(data, found) {
  const t = data.totals;
  return el('div', {class: 'tiles'},
    tile(number(t.complete), t.complete === 1 ? 'image analysed' : 'images analysed', source('images', 'status')),
    tile(number(t.failed), t.failed === 1 ? 'image failed' : 'images failed', source('errors', 'message'), t.failed > 0 ? 'bad' : ''),
    found ? tile(number(t.nuclei), 'nuclei found', source('images', 'nuclei')) : null,
    found && t.complete > 0 ? tile(number(t.nuclei / t.complete, 1), 'nuclei an image', source('images', 'nuclei')) : null,
    tile(data.channels.length > MOST_NAMED ? number(data.channels.length) : data.channels.join(', '), data.channels.length === 1 ? 'channel' : 'channels', source('images', 'channels'), 'text'));
}

function failures(main, errors) {
  if (errors.length === 0) {
    return;
  }
  const section = question('h2', 'What failed, and what is to be done?',
    'A failed image costs only itself: all others are complete.',
    sortable('Failures', [
      {label: 'Image', value: e => e.image, source: ['errors', 'image'], name: true},
      {label: 'Reason', value: e => e.message, source: ['errors', 'message'], long: true},
      {label: 'What to do', value: e => e.remedy, source: ['errors', 'remedy'], long: true},
      {label: 'Stage', value: e => e.stage, source: ['errors', 'stage']},
      {label: 'File', value: e => e.file, source: ['errors', 'file'], long: true}
    ], errors));
  section.id = 'failures';
  main.append(section);
}

/* Images that are unusual on their plate, the most unusual first. */
function doubts(main, flags) {
  if (flags.length === 0) {
    return;
  }
  const unusual = f => f.z_score === null ? Infinity : Math.abs(f.z_score);
  const images = new Set(flags.map(key)).size;
  const section = question('h2', 'Which images should be looked at before numbers are believed?',
    (images === 1 ? 'One image is' : number(images) + ' images are') + ' unlike the others of the plate, or spoilt. They are in all tables and plots unless quality.exclude names their flag.',
    sortable('Flagged images', [
      {label: 'Image', value: title, source: ['flags', 'image'], name: true},
      {label: 'Channel', value: f => f.channel, source: ['flags', 'channel']},
      {label: 'Flag', value: f => f.flag, source: ['flags', 'flag']},
      {label: 'How unusual, robust deviations', value: f => f.z_score, source: ['flags', 'z_score'], number: true},
      {label: 'What was seen', value: f => f.message, source: ['flags', 'message'], long: true},
      {label: 'What to try', value: f => f.remedy, source: ['flags', 'remedy'], long: true}
    ], flags.sort((a, b) => unusual(b) - unusual(a)), 12));
  section.id = 'doubts';
  main.append(section);
}

/* Messages and remedies of an image. */
function warned(image) {
  return image.warnings ? image.warnings.split('\n\n').map(w => w.split('\n')) : [];
}

/* Of every remedy so many images are listed with what was seen in them, and named. */
const MOST_SEEN = 3;
const MOST_LISTED = 48;

function warnings(main, images) {
  const all = images.filter(i => warned(i).length > 0);
  if (all.length === 0) {
    return;
  }
  const byRemedy = new Map();
  for (const image of all) {
    for (const [message, remedy] of warned(image)) {
      byRemedy.set(remedy, [...(byRemedy.get(remedy) || []), [title(image), message]]);
    }
  }
  const kinds = [...byRemedy].sort((a, b) => b[1].length - a[1].length).map(([remedy, seen]) => {
    const others = seen.slice(MOST_SEEN, MOST_LISTED).map(s => s[0]);
    const more = seen.length - MOST_SEEN - others.length;
    return el('li', {}, el('b', {}, seen.length === 1 ? '1 image. ' : number(seen.length) + ' images. '), remedy || '',
      el('ul', {}, seen.slice(0, MOST_SEEN).map(([name, message]) => el('li', {}, name + ': ' + message)),
        others.length > 0 ? el('li', {}, 'also ' + others.join(', ') + (more > 0 ? ' and ' + number(more) + ' more' : '')) : null));
  });
  main.append(el('div', {class: 'notice long'}, el('b', {}, all.length === 1 ? '1 image wants a second look' : all.length + ' images want a second look'),
    ' ', source('images', 'warnings'), el('ul', {}, kinds)));
}

function markOf(images) {
  return images.length > MOST_BARS ? 'point' : 'bar';
}

/* Bars, or points where they are many, of one or more series over images. */
function bars(settings, images) {
  const names = images.map(title);
  const many = images.length > MANY_BARS;
  return plot(Object.assign({
    height: 330,
    canvas: many,
    option: (now, width) => ({
      tooltip: tip(now, {trigger: 'axis', axisPointer: {type: 'shadow'}, valueFormatter: settings.format || (v => number(v))}),
      legend: settings.series.length > 1 ? legend(now, settings.series.map(s => s.name)) : undefined,
      grid: {left: 14, right: 18, top: 40, bottom: many ? 66 : 12, containLabel: true},
      xAxis: axis(now, many ? 'Image, in order of names' : '', {type: 'category', data: names, nameGap: 16, splitLine: {show: false},
        axisTick: {show: false},
        axisLabel: many ? {show: false} : {color: now.muted, fontSize: 11, rotate: rotation(names, width), interval: skipped(names, width),
          formatter: shortened(names), width: 130, overflow: 'truncate'}}),
      yAxis: upright(now, settings.axis, settings.yAxis),
      dataZoom: many ? [{type: 'slider', bottom: 8, height: 18, textStyle: {color: now.muted}, showDetail: false}] : undefined,
      series: settings.series.map(s => Object.assign({name: s.name, data: s.values, itemStyle: {color: s.colour(now)}},
        markOf(images) === 'bar' ? {type: 'bar', barMaxWidth: 46} : {type: 'scatter', symbolSize: 4}))
    })
  }, settings));
}

function rotation(names, width) {
  const longest = Math.max(...names.map(n => shortened(names)(n).length));
  return (longest * 7 + 8) * names.length > width - 80 ? 55 : 0; // with some space between them
}

/* How many names are left out between two, so that rotated lines of text do not touch. */
function skipped(names, width) {
  return Math.ceil(names.length * 15 / Math.max(1, width - 80)) - 1;
}

/* Names without what all of them begin with, where that is long. */
function shortened(names) {
  let common = names.length > 1 ? names[0].length : 0;
  for (const name of names) {
    while (common > 0 && !name.startsWith(names[0].slice(0, common))) {
      common--;
    }
  }
  while (common > 0 && /[A-Za-z0-9]/.test(names[0][common - 1])) {
    common--;
  }
  return name => common > 4 ? '…' + name.slice(common) : name;
}

function nucleiOfAll(main, data, images) {
  const counts = images.map(i => i.nuclei).filter(n => n !== null).sort((a, b) => a - b);
  const section = question('h2', 'How many nuclei are there?', null,
    bars({
      title: 'Nuclei per image',
      caption: ['Each ' + markOf(images) + ' is an image: from ' + number(counts[0]) + ' to ' + number(counts[counts.length - 1]) + ' nuclei, median ' +
        number((counts[(counts.length - 1) >> 1] + counts[counts.length >> 1]) / 2, 1) + '. ', source('images', 'nuclei')],
      alt: 'Nuclei of each of ' + images.length + ' images',
      axis: 'Nuclei',
      series: [{name: 'nuclei', values: images.map(i => i.nuclei), colour: now => now.bar}]
    }, images),
    nucleiTable(images));
  section.id = 'nuclei';
  main.append(section);
}

function nucleiTable(images) {
  const known = images.some(i => i.nuclei_per_mm2 !== null);
  const unit = known ? 'um' : 'px';
  const area = known ? 'nucleus_area_p50_um2' : 'nucleus_area_p50_px';
  return sortable('Nuclei', [
    {label: 'Image', value: i => title(i), source: ['images', 'image'], name: true},
    {label: 'Nuclei', value: i => i.nuclei, source: ['images', 'nuclei'], number: true},
    known ? {label: 'Nuclei per mm²', value: i => i.nuclei_per_mm2, source: ['images', 'nuclei_per_mm2'], number: true} : null,
    {label: 'Median area, ' + (known ? 'µm²' : 'pixels'), value: i => i[area], source: ['images', area], number: true},
    {label: 'Distance to the nearest, ' + (known ? 'µm' : 'pixels'), value: i => i['nearest_nucleus_' + unit], source: ['images', 'nearest_nucleus_' + unit], number: true}
  ].filter(c => c), images, 12);
}

function intensities(main, data, images) {
  const rows = images.flatMap(i => data.channels.map(c => i.statistics[c]).filter(s => s));
  const anyArea = rows.some(r => r.stained_area_um2 !== null);
  const colour = channel => () => channelColour(channel, data.channels, data.shown);
  const each = column => data.channels.map(channel => ({
    name: channel, colour: colour(channel),
    values: images.map(i => i.statistics[channel] ? i.statistics[channel][column] : null)
  }));
  const shares = each('stained_fraction');
  shares.forEach(s => { s.values = s.values.map(v => v === null ? null : 100 * v); });
  const section = question('h2', 'How bright are the images, and how much of the field is stained?', null,
    el('div', {class: 'grid two'},
      bars({title: 'Mean intensity of each image', axis: 'Intensity', series: each('mean'),
        caption: ['Mean over all pixels, in the units of the file. ', source('channel_stats', 'mean')]}, images),
      bars({title: 'Stained share of each image', axis: '% of the field', series: shares, format: v => number(v) + ' %',
        caption: ['Pixels above the stain threshold of their channel (Otsu’s, if not configured otherwise). ', source('channel_stats', 'stained_fraction')]}, images)),
    sortable('Intensities', [
      {label: 'Image', value: r => title(r), source: ['channel_stats', 'image'], name: true},
      {label: 'Channel', value: r => r.channel, source: ['channel_stats', 'channel']},
      {label: 'Mean', value: r => r.mean, source: ['channel_stats', 'mean'], number: true},
      {label: 'Deviation', value: r => r.stddev, source: ['channel_stats', 'stddev'], number: true},
      {label: 'Median', value: r => r.p50, source: ['channel_stats', 'p50'], number: true},
      {label: 'Threshold', value: r => r.stain_threshold, source: ['channel_stats', 'stain_threshold'], number: true},
      {label: 'Stained', value: r => r.stained_fraction, show: r => percent(r.stained_fraction), source: ['channel_stats', 'stained_fraction'], number: true},
      anyArea ? {label: 'Stained area, µm²', value: r => r.stained_area_um2, source: ['channel_stats', 'stained_area_um2'], number: true} : null,
      {label: 'Saturated', value: r => r.saturated_fraction, show: r => percent(r.saturated_fraction), source: ['channel_stats', 'saturated_fraction'], number: true}
    ].filter(c => c), rows, 12));
  section.id = 'intensities';
  main.append(section);
}

function together(main, data, images) {
  const names = [...new Set(images.flatMap(i => Object.keys(i.pairs)))];
  const rows = images.flatMap(i => Object.values(i.pairs));
  const colours = now => [now.bar, ...now.more];
  const section = question('h2', 'Do the channels occur together?',
    'Pearson’s correlation is 1 where both channels rise and fall together, 0 where they do not care about each other.',
    bars({title: 'Pearson’s correlation of each image', axis: 'Pearson', yAxis: {max: 1},
      series: names.map((name, n) => ({name, colour: now => colours(now)[n % 4],
        values: images.map(i => i.pairs[name] ? i.pairs[name].pearson : null)})),
      caption: ['Over all pixels of an image. ', source('colocalization', 'pearson')]}, images),
    sortable('Co-localisation', [
      {label: 'Image', value: r => title(r), source: ['colocalization', 'image'], name: true},
      {label: 'Channels', value: r => r.x_channel + ' / ' + r.y_channel, source: ['colocalization', 'x_channel']},
      {label: 'Pearson', value: r => r.pearson, source: ['colocalization', 'pearson'], number: true},
      {label: 'Spearman', value: r => r.spearman, source: ['colocalization', 'spearman'], number: true},
      {label: 'Slope', value: r => r.slope, source: ['colocalization', 'slope'], number: true},
      {label: 'Overlap', value: r => r.overlap, source: ['colocalization', 'overlap'], number: true},
      {label: 'Manders M1', value: r => r.manders_otsu_m1, source: ['colocalization', 'manders_otsu_m1'], number: true},
      {label: 'Manders M2', value: r => r.manders_otsu_m2, source: ['colocalization', 'manders_otsu_m2'], number: true},
      {label: 'Li’s ICQ', value: r => r.li_icq, source: ['colocalization', 'li_icq'], number: true}
    ], rows, 12));
  section.id = 'together';
  main.append(section);
}

function methodName(method) {
  return {gaussian_mixture: 'Gaussian mixture', k_means: 'k-means', mini_batch_k_means: 'Mini-batch k-means', bisecting_k_means: 'Bisecting k-means', birch: 'Birch', power_iteration: 'Power iteration', spectral: 'Spectral', dbscan: 'DBSCAN', mean_shift: 'Mean shift', affinity_propagation: 'Affinity propagation', ward: 'Ward', average_linkage: 'Average linkage', complete_linkage: 'Complete linkage', single_linkage: 'Single linkage', self_organizing_map: 'Self-organising map'}[method] || method.replace(/_/g, ' ');
}

function kinds(main, data, models, images) {
  const methods = [...new Set(models.map(m => m.method))];
  const ks = [...new Set(models.map(m => m.k))].sort((a, b) => a - b);
  const scope = data.clusterScope;
  const of = {image: 'image has a model of its own', dataset: 'model is of all images together'}[scope] || 'model is of one ' + scope;
  const section = question('h2', 'How many kinds of pixels are there?',
    'Pixels are grouped by their intensities in all channels; each ' + of + '. There are as many groups as kinds of pixels stand apart, each a peak of its own in how often intensities occur, unless the method finds their number itself or clustering.recommend names another rule; the column picked_by of cluster_models says which rules agree.',
    plot({title: 'Number of clusters chosen', alt: 'Bars: how many models have each number of clusters', height: 260,
      caption: ['Models by their number of clusters. ', source('cluster_models', 'k')],
      option: now => ({
        tooltip: tip(now, {trigger: 'axis', axisPointer: {type: 'shadow'}}), legend: legend(now, methods.map(methodName)),
        xAxis: axis(now, 'Clusters', {type: 'category', data: ks.map(String), splitLine: {show: false}}),
        yAxis: upright(now, 'Models', {minInterval: 1}),
        series: methods.map((method, m) => ({type: 'bar', name: methodName(method), barMaxWidth: 46,
          itemStyle: {color: [now.bar, ...now.more][m % 4]},
          data: ks.map(k => models.filter(x => x.method === method && x.k === k).length)}))
      })}),
    sortable('Models', [
      {label: scope === 'image' ? 'Image' : 'Scope', name: true, source: ['cluster_models', scope === 'image' ? 'image' : 'scope'],
        value: r => r.image !== null ? title(r) : scope === 'dataset' ? 'all images' : scope.split(', ').map(g => r[g]).join(', ')},
      {label: 'Method', value: r => methodName(r.method), source: ['cluster_models', 'method']},
      {label: 'Clusters', value: r => r.k, source: ['cluster_models', 'k'], number: true},
      {label: 'Silhouette', value: r => r.silhouette, source: ['cluster_models', 'silhouette'], number: true},
      {label: 'BIC', value: r => r.bic, source: ['cluster_models', 'bic'], number: true},
      {label: 'Agreement', value: r => r.adjusted_rand, source: ['cluster_models', 'adjusted_rand'], number: true}
    ], models, 12));
  section.id = 'clusters';
  main.append(section);
}

function gallery(main, data, images) {
  const details = new Map(data.details.map(d => [key(d), d]));
  const section = question('h2', 'Images', null);
  section.id = 'images';
  const inline = data.details.some(d => d.inline);
  if (inline) {
    section.append(el('p', {class: 'about'}, 'Open an image for its pictures, histograms, clusters and nuclei.'));
    images.forEach((image, i) => {
      const detail = details.get(key(image));
      if (detail) {
        section.append(opening(image, detail, i === 0));
      }
    });
  } else {
    const entry = image => {
      const detail = details.get(key(image));
      const picture = detail && detail.thumbnail
        ? el('img', {class: 'thumb', src: detail.thumbnail, loading: 'lazy', decoding: 'async', alt: ''}) : null;
      return el('li', {}, el('a', {href: detail ? detail.page : null}, picture, el('b', {}, title(image)), el('br'),
        image.nuclei === null ? null : el('span', {class: 'muted'}, number(image.nuclei) + (image.nuclei === 1 ? ' nucleus' : ' nuclei')),
        image.flags.length > 0 ? el('span', {class: 'muted'}, image.nuclei === null ? 'flagged' : ', flagged') : null));
    };
    section.append(...finder(images, entry));
  }
  main.append(section);
}

/* The images whose names have what is typed, some at once. */
function finder(images, entry) {
  const list = el('ul', {class: 'images'});
  const bar = el('div');
  const show = wanted => bar.replaceChildren(...[pager(wanted.length, GALLERY, (from, to) => {
    list.replaceChildren(...wanted.slice(from, to).map(entry));
  }).bar].filter(b => b));
  const input = el('input', {type: 'search', id: 'find', placeholder: 'part of a name', autocomplete: 'off'});
  const found = el('span', {class: 'muted', 'aria-live': 'polite'}, 'all ' + number(images.length));
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    const some = images.filter(image => title(image).toLowerCase().includes(wanted));
    show(some);
    found.textContent = (some.length === images.length ? 'all ' : number(some.length) + ' of ') + number(images.length);
  });
  show(images);
  return [el('div', {class: 'pick'}, el('label', {for: 'find'}, 'Find'), input, found), list, bar];
}

function opening(image, detail, open) {
  const body = el('div');
  const element = el('details', {class: 'image', id: detail.inline.replace('image-', 'open-')},
    el('summary', {}, detail.thumbnail ? el('img', {class: 'thumb', src: detail.thumbnail, alt: '', loading: 'lazy'}) : null,
      el('span', {}, el('b', {}, title(image)), el('br'),
        el('span', {class: 'muted'}, image.size_x + ' × ' + image.size_y + ' pixels' +
          (image.nuclei === null ? '' : ', ' + number(image.nuclei) + (image.nuclei === 1 ? ' nucleus' : ' nuclei'))))),
    body);
  element.addEventListener('toggle', () => {
    if (element.open && body.childElementCount === 0) {
      renderImage(body, JSON.parse(document.getElementById(detail.inline).textContent), false);
    }
  });
  element.open = open;
  window.addEventListener('hashchange', () => { element.open = element.open || location.hash === '#' + element.id; });
  return element;
}

function columns(main, data) {
  const section = question('h2', 'Tables and columns',
    'Each table is a folder of Parquet files in the output folder, beside this report.',
    data.tables.map(table => el('details', {class: 'column', id: 'table-' + table.table},
      el('summary', {}, el('code', {}, table.table), ' ', el('span', {class: 'muted'}, table.description)),
      el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Columns of ' + table.table},
        el('table', {}, el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'Column'), el('th', {scope: 'col'}, 'Type'), el('th', {scope: 'col'}, 'Meaning'))),
          el('tbody', {}, table.columns.map(column => el('tr', {id: columnId(table.table, column.name)},
            el('td', {class: 'name'}, el('code', {}, column.name)), el('td', {}, el('code', {}, column.type)), el('td', {class: 'long'}, column.comment)))))))));
  section.id = 'columns';
  main.append(section);
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const hidden = target ? target.closest('details.column') : null;
    if (hidden) {
      hidden.open = true;
      target.scrollIntoView({block: 'center'});
    }
  };
  window.addEventListener('hashchange', reveal);
  setTimeout(reveal);
}
