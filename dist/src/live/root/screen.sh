# States in letters that can be read from three metres. Sourced. TERM=dumb leaves the colours out, and makes the letters of #.

# large COLOUR WORD: blank lines around a word in letters five lines high; only what is proven is green
large() {
  case $1 in
    red) colour='97;41' ;;
    green) colour='30;42' ;;
    yellow) colour='30;43' ;;
    *) colour='97;44' ;;
  esac
  [ "${TERM:-}" != dumb ] || colour=
  awk -v word="$2" -v colour="$colour" '
    BEGIN {
      # five rows of five places for each letter
      shape["C"] = ".####|#....|#....|#....|.####"
      shape["D"] = "####.|#...#|#...#|#...#|####."
      shape["E"] = "#####|#....|###..|#....|#####"
      shape["G"] = ".####|#....|#..##|#...#|.####"
      shape["H"] = "#...#|#...#|#####|#...#|#...#"
      shape["I"] = "#####|..#..|..#..|..#..|#####"
      shape["K"] = "#...#|#..#.|###..|#..#.|#...#"
      shape["L"] = "#....|#....|#....|#....|#####"
      shape["N"] = "#...#|##..#|#.#.#|#..##|#...#"
      shape["O"] = ".###.|#...#|#...#|#...#|.###."
      shape["P"] = "####.|#...#|####.|#....|#...."
      shape["R"] = "####.|#...#|####.|#..#.|#...#"
      shape["S"] = ".####|#....|.###.|....#|####."
      shape["T"] = "#####|..#..|..#..|..#..|..#.."
      shape["W"] = "#...#|#...#|#.#.#|#.#.#|.#.#."
      begin = colour ? "\033[" colour "m" : ""
      end = colour ? "\033[K\033[0m" : "" # the colour goes on to the edge of the screen
      stroke = colour ? "\033[7m \033[27m" : "#"
      blank = sprintf("%" (6 * length(word) + 2) "s", "")
      print ""
      print begin blank end
      for (row = 1; row <= 5; row++) {
        line = "  "
        for (i = 1; i <= length(word); i++) {
          split(shape[substr(word, i, 1)], rows, "|")
          line = line rows[row] " "
        }
        gsub(/\./, " ", line)
        gsub(/#/, stroke, line)
        print begin line end
      }
      print begin blank end
      print ""
    }'
}
