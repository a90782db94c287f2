# A way in for who looks after a room: SSH by key, only when the kernel arguments or the medium give one. Sourced.

ssh_run=/run/ssh
ssh_medium=/authorized_keys # from an archive on the medium, which grub.cfg adds to the RAM disk
SSH_ETC=${SSH_ETC:-/etc}
SSH_HOME=${SSH_HOME:-/root}

# wants_ssh: whether a key is given
wants_ssh() {
  [ -n "${arg_sshkey:-}" ] || [ -s "$ssh_medium" ]
}

# open_ssh: starts the server for SSH once, and shows the fingerprint of its key. Fails with a line that says why; the machine can be imaged then, too.
open_ssh() {
  ! is_ssh_open || return 0
  ssh_keys=$ssh_run/keys
  rm -rf "$ssh_run"
  (umask 077 && mkdir -p "$ssh_run" && cat "$ssh_medium" 2>/dev/null >"$ssh_keys")
  if [ -n "${arg_sshkey:-}" ]; then
    if fetch "$arg_sshkey" "$ssh_run/fetched"; then
      { echo; cat "$ssh_run/fetched"; } >>"$ssh_keys"
    else
      echo "no SSH by $arg_sshkey: it gives no file with keys"
      [ -s "$ssh_keys" ] || return 1
    fi
  fi
  ssh_count=$(ssh-keygen -l -f - <"$ssh_keys" 2>/dev/null | wc -l) # as a stream: a private key counts as none
  if [ "$ssh_count" = 0 ]; then
    echo "no SSH: ${arg_sshkey:-authorized_keys on the medium} holds no public key of SSH"
    return 1
  fi
  admit_keys
  if ! dropbearkey -t ed25519 -f "$ssh_run/host_key" >"$ssh_run/host_key.txt" 2>&1 || ! start_ssh; then
    echo "no SSH: its server does not start: $(tail -n 1 "$ssh_run/host_key.txt")"
    return 1
  fi
  echo "SSH: ssh root@$(own_addresses), with $ssh_count of your keys; the key of this machine is $(sed -n 's/^Fingerprint: //p' "$ssh_run/host_key.txt") (ED25519)"
}

# own_addresses: with "or" between them
own_addresses() {
  ip -4 -o addr show scope global | sed -n 's/.* inet \([0-9.]*\).*/\1/p' | sed ':a; N; $!ba; s/\n/ or /g'
}

# admit_keys: what a login of root needs
admit_keys() {
  (umask 077 && mkdir -p "$SSH_HOME/.ssh" && cat "$ssh_keys" >"$SSH_HOME/.ssh/authorized_keys")
  chmod 700 "$SSH_HOME" "$SSH_HOME/.ssh"
  chmod 600 "$SSH_HOME/.ssh/authorized_keys"
  echo /bin/sh >"$SSH_ETC/shells"
  echo "This machine may be writing to its disk now: look, and change nothing. Its account: tail -f $log_file" >"$SSH_ETC/motd"
}

# start_ssh: no passwords (-s -g), no forwarding of ports (-j -k); a connection that is dead ends after some minutes (-K)
start_ssh() {
  dropbear -s -g -j -k -K 60 -p 22 -r "$ssh_run/host_key" -P "$ssh_run/pid" 2>>"$ssh_run/host_key.txt"
}

is_ssh_open() {
  [ -s "$ssh_run/pid" ] && kill -0 "$(cat "$ssh_run/pid")" 2>/dev/null
}
