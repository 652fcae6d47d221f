# SPDX-License-Identifier: GPL-3.0-or-later
# Run `gnuplot -c plots.gnuplot` in the folder of results.tsv: draws an SVG file for each figure, with
# a bar for each server.
set datafile separator "\t"
set terminal svg size 900,420 font "sans,12" background "white"
set style fill solid 0.8
set boxwidth 0.7
set grid ytics
set xtics rotate by -30
unset key
set yrange [0:*]

plot_of(workload, column) = sprintf("< awk -F'\\t' '$1 == \"%s\" && $%d > 0' results.tsv", workload, column)

do for [workload in "paced-10 paced-100 paced-1000 paced-5000 saturated-1000 joins-1000 ".\
                    "room-10 room-10-of-10000 room-10-at-2 rooms-1000x10"] {
  if (int(system("grep -c '^".workload."\t' results.tsv || true")) > 0) {
    set output "cpu-".workload.".svg"
    set title workload.": CPU of the server"
    set ylabel "microseconds a delivery (joins: a join)"
    plot plot_of(workload, 3) using 0:3:xtic(2) with boxes linecolor rgb "#3465a4"
  }
}
do for [workload in "paced-1000 loss-1 loss-5 loss-20"] {
  if (int(system("grep -c '^".workload."\t' results.tsv || true")) > 0) {
    set output "p99-".workload.".svg"
    set title workload.": latency, 99th percentile"
    set ylabel "milliseconds"
    plot plot_of(workload, 5) using 0:5:xtic(2) with boxes linecolor rgb "#a40000"
  }
}
