# The style of every figure of Fieldbook: theory as lines, experiment as points with error bars.
# Colours by Okabe and Ito (https://jfly.uni-koeln.de/color/), told apart by every kind of colour vision.
set style line 1 lc rgb "#0072b2" lw 2 pt 7 ps 0.55
set style line 2 lc rgb "#d55e00" lw 2 pt 5 ps 0.5
set style line 3 lc rgb "#009e73" lw 2 pt 9 ps 0.65
set style line 4 lc rgb "#cc79a7" lw 2 pt 11 ps 0.65
set style line 5 lc rgb "#b8860b" lw 2 pt 13 ps 0.65
set style line 6 lc rgb "#56b4e9" lw 2 pt 6 ps 0.6
set style line 7 lc rgb "#000000" lw 1.5 pt 4 ps 0.55
set style line 8 lc rgb "#7a3b9a" lw 2 pt 8 ps 0.65
set style line 20 lc rgb "#808080" lw 1.2 dt 2
set border 3 lc rgb "#404040"
set tics nomirror out scale 0.6
set grid lc rgb "#e6e6e6" lw 0.6 dt 1
set key samplen 2 spacing 1.15 Left reverse
set pointintervalbox 0
set bars small
set palette defined (0 "#fdfdf5", 0.25 "#b7dde8", 0.5 "#5aa9c9", 0.75 "#1f5f99", 1 "#0b1f4b")
