# Reads the kernel arguments imgslave.*, which docs/live.md lists. Sourced; dash and the sh of busybox run it.
# shellcheck disable=SC2034 # others use what is set here
# After read_arguments the variable arg_NAME holds the value of imgslave.NAME, and complaints holds a line for each argument that is not understood.
# log_file is the file or terminal to which the account of the run goes.

complaints=
boot_interface= # hardware address of the interface that a boot loader of the network used

# each_word TEXT COMMAND: runs COMMAND WORD for each word of a kernel command line; double quotes keep blanks in a word, as in the kernel
each_word() {
  rest=$1 word='' in_quotes='' is_word=''
  while [ -n "$rest" ]; do
    head=${rest%%[\" 	
]*}
    word=$word$head
    [ -z "$head" ] || is_word=yes
    rest=${rest#"$head"}
    case $rest in
      '') ;;
      '"'*)
        is_word=yes
        if [ -n "$in_quotes" ]; then in_quotes=''; else in_quotes=yes; fi
        ;;
      *)
        if [ -n "$in_quotes" ]; then
          word="$word "
        elif [ -n "$is_word" ]; then
          "$2" "$word"
          word='' is_word=''
        fi
        ;;
    esac
    rest=${rest#?}
  done
  [ -z "$is_word" ] || "$2" "$word"
}

# complain SENTENCE: remembers why nothing is imaged
complain() {
  complaints="$complaints$1
"
}

# read_arguments TEXT: of a kernel command line
read_arguments() {
  complaints='' boot_interface=''
  for name in disk code keyfile open group ports session interface label 'then' wait log sshkey 'done' grow newids hostname; do
    unset "arg_$name"
  done
  each_word "$1" read_argument
  case ${arg_log:-stick:} in
    stick:* | http:*) log_file=/run/imgslave.log ;; # deliver_log brings it there after the run
    *) log_file=$arg_log ;;
  esac
  set -- ${arg_code+code} ${arg_keyfile+keyfile} ${arg_open+open}
  [ $# -lt 2 ] || complain "imgslave.$1 and imgslave.$2 cannot be used together: a session is sealed in one way, or open"
}

read_argument() {
  case $1 in
    # 01 is the type of the network: Ethernet
    BOOTIF=01-*) boot_interface=$(echo "${1#BOOTIF=01-}" | tr 'A-F-' 'a-f:') ;;
    imgslave.*) read_own "${1#imgslave.}" ;;
    [Ii][Mm][Gg][Ss][Ll][Aa][Vv][Ee]* | [Ii][Mm][Gg][Bb][Ll][Ss][Tt][Rr]*)
      complain "$1: expected imgslave.NAME or imgslave.NAME=VALUE, in small letters"
      ;;
  esac
}

# read_own NAME[=VALUE]
read_own() {
  name=${1%%=*}
  case $1 in
    *=*) has_value=yes value=${1#*=} ;;
    *) has_value='' value='' ;;
  esac
  case $name in
    open) if [ -z "$has_value" ]; then set_once yes; else complain "imgslave.open takes no value, found '$value'"; fi ;;
    newids) if [ -z "$has_value" ]; then set_once yes; else complain "imgslave.newids takes no value, found '$value'"; fi ;;
    grow) # without a value the last partition
      if [ -z "$has_value" ] || [ -n "$value" ]; then set_once "$value"; else complain "imgslave.grow needs a value behind '=', or no '='"; fi
      ;;
    disk | code | keyfile | group | ports | session | interface | label | then | wait | log | sshkey | done | hostname)
      if [ -z "$value" ]; then complain "imgslave.$name needs a value: imgslave.$name=..."; else set_once "$value"; fi
      ;;
    *) complain "imgslave.$name is not known; known are disk, code, keyfile, open, group, ports, session, interface, label, then, wait, log, sshkey, done, grow, newids, hostname" ;;
  esac
}

# set_once VALUE: of the argument $name
set_once() {
  if eval "[ -n \"\${arg_$name+given}\" ]"; then
    complain "imgslave.$name is given twice"
  else
    eval "arg_$name=\$1"
    check_value
  fi
}

# check_value: what imgslave does not check itself
check_value() {
  case $name=$value in
    disk=only | disk=serial=?* | disk=wwn=?* | disk=model=?*) ;;
    disk=/dev/disk/*) complain "imgslave.disk=$value: there is no /dev/disk here; name the disk by serial=, wwn= or model=" ;;
    disk=/dev/?*) ;;
    disk=*) complain "imgslave.disk: expected only, /dev/NAME, serial=TEXT, wwn=TEXT or model=TEXT, found '$value'" ;;
    then=reboot | then=poweroff | then=shell) ;;
    then=*) complain "imgslave.then: expected reboot, poweroff or shell, found '$value'" ;;
    log=/run/?* | log=/tmp/?* | log=/dev/tty*) ;;
    log=stick:/* | log=stick:*/../* | log=stick:*/..) complain "imgslave.log: expected stick:LABEL/PATH without .., found '$value'" ;;
    log=stick:?*/?*) ;;
    log=http://*[!!-~]* | log=http://*@* | log=http://[!A-Za-z0-9]* | log=http://*:*:* | log=http://*:[!0-9]*)
      complain "imgslave.log: expected http://SERVER/PATH or http://SERVER:PORT/PATH, found '$value'"
      ;;
    log=http://?*/?*) ;;
    log=*)
      complain "imgslave.log: expected a file below /run or /tmp, a terminal such as /dev/ttyS0, stick:LABEL/PATH or http://SERVER/PATH, found '$value'"
      ;;
    code=*[!A-Za-z\ -]*) complain "imgslave.code: expected five words with hyphens between them, found other characters" ;;
    keyfile=http://?*) ;;
    keyfile=*) complain "imgslave.keyfile: expected a URL that begins with http://, found '$value'" ;;
    sshkey=http://?*) ;;
    sshkey=*) complain "imgslave.sshkey: expected a URL that begins with http://, found '$value'" ;;
    done=http://?*) ;;
    hostname=@*) complain "imgslave.hostname: there is no list of names here; give a pattern such as lab-{index:02}, found '$value'" ;;
    done=*) complain "imgslave.done: expected a URL that begins with http://, found '$value'" ;;
  esac
}
