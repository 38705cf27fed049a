// page.js: pictures of gnuplot in a page. A click (or Enter) on an entry of a key hides its curve and all that has its
// colour, points and bands; the pointer's place is told in the units of the axes.
(function () {
  'use strict';

  // The colour of a series; none for black and greys, which axes and grids have too.
  function colourOf(plot) {
    var all = plot.querySelectorAll('[stroke^="rgb"], [color^="rgb"], [fill^="rgb"]');
    for (var i = 0; i < all.length; i++) {
      var names = ['stroke', 'color', 'fill'];
      for (var n = 0; n < names.length; n++) {
        var value = all[i].getAttribute(names[n]) || '';
        var part = value.match(/\d+/g);
        if (part && part.length === 3 && (part[0] !== part[1] || part[1] !== part[2])) return value;
      }
    }
    return '';
  }

  function painted(svg, colour) {
    return svg.querySelectorAll('[stroke="' + colour + '"], [color="' + colour + '"], [fill="' + colour + '"]');
  }

  function toggle(svg, plot, entries) {
    var hide = entries[0].getAttribute('aria-pressed') !== 'false';
    var colour = colourOf(plot);
    entries.forEach(function (entry) { entry.setAttribute('aria-pressed', hide ? 'false' : 'true'); });
    if (!colour) {
      plot.setAttribute('visibility', hide ? 'hidden' : 'visible');
      return;
    }
    painted(svg, colour).forEach(function (element) {
      if (!element.closest('[role="button"]')) element.classList.toggle('off', hide);
    });
  }

  function addKey(svg) {
    var seen = {};
    svg.querySelectorAll('[data-entry]').forEach(function (entry) {
      (seen[entry.dataset.entry] = seen[entry.dataset.entry] || []).push(entry);
    });
    Object.keys(seen).forEach(function (id) {
      var plot = svg.getElementById(id);
      var entries = seen[id];
      if (!plot) return;
      entries.forEach(function (entry, i) {
        entry.setAttribute('role', 'button');
        entry.setAttribute('aria-pressed', 'true');
        if (i === 0) entry.setAttribute('tabindex', '0');
        entry.addEventListener('click', function () { toggle(svg, plot, entries); });
        entry.addEventListener('keydown', function (event) {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          toggle(svg, plot, entries);
        });
      });
    });
  }

  function along(at, from, to, low, high, log) {
    var share = (at - from) / (to - from);
    if (share < 0 || share > 1) return NaN;
    return log ? low * Math.pow(high / low, share) : low + share * (high - low);
  }

  function addPointer(svg, place) {
    var axes;
    try { axes = JSON.parse(svg.getAttribute('data-axes')); } catch (error) { return; }
    if (!axes || axes.plot_axis_xmin === undefined) return;
    svg.addEventListener('pointermove', function (event) {
      var at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      var x = along(at.x, axes.plot_xmin, axes.plot_xmax, axes.plot_axis_xmin, axes.plot_axis_xmax, axes.plot_logaxis_x);
      var y = along(at.y, axes.plot_ybot, axes.plot_ytop, axes.plot_axis_ymin, axes.plot_axis_ymax, axes.plot_logaxis_y);
      place.textContent = isNaN(x) || isNaN(y) ? '' : '(' + x.toPrecision(3) + ', ' + y.toPrecision(3) + ')';
    });
    svg.addEventListener('pointerleave', function () { place.textContent = ''; });
  }

  document.querySelectorAll('figure svg').forEach(function (svg) {
    var place = svg.parentNode.querySelector('output');
    addKey(svg);
    if (place) addPointer(svg, place);
  });
}());
