# Text of machines, which may hold anything. Sourced.

# printable: of its input one line without blanks around it, in which nothing controls a terminal
printable() {
  tr -d '\000\n' | tr -c '\040-\176' '?' | sed 's/^ *//; s/ *$//' # busybox knows no class of printable characters
}

# lower TEXT
lower() {
  echo "$1" | tr '[:upper:]' '[:lower:]'
}
