package org.imgblstr.protocol.silence;

import java.net.InetSocketAddress;

/** What operators are told about silence: what is known, what can be the cause, what to do. */
final class SilenceWords {
    private final String interfaceName;
    private final InetSocketAddress group;

    /** {@code group}: the rendezvous group. */
    SilenceWords(String interfaceName, InetSocketAddress group) {
        this.interfaceName = interfaceName;
        this.group = group;
    }

    /** One line. */
    String of(Silence silence) {
        String time = silence.seconds() + " s";
        return switch (silence.what()) {
            case NO_MASTER ->
                "nothing heard for " + time + " on " + interfaceName + ": no master sends to " + host(group)
                        + ", or a firewall here drops UDP " + group.getPort()
                        + ", or the switch does not pass multicast; still listening";
            case NO_ANSWER ->
                "the master at " + host(silence.master()) + " is heard but has not answered for " + time
                        + ": a firewall there drops UDP " + silence.master().getPort()
                        + ", or a firewall here drops the answers; still asking";
            case NO_DATA ->
                "the master at " + host(silence.master()) + " is heard, but no data has come for " + time
                        + ": the switch, or a firewall here, does not pass the group " + host(silence.dataGroup())
                        + ", UDP " + silence.dataGroup().getPort() + "; joining the group again";
            case NO_MASTER_ANY_MORE ->
                "nothing heard for " + time + " of the master at " + host(silence.master())
                        + ": the master has stopped, or the network is down, or the switch does not pass multicast any"
                        + " more; joining the groups again";
            case NO_SLAVE ->
                "no slave has answered for " + time + ": is imgslave listening on this network, or does it wait at"
                        + " its console, for a yes or the join code? If it listens, a firewall here drops UDP "
                        + silence.master().getPort() + ", or a firewall there drops UDP "
                        + group.getPort() + ", or the switch does not pass multicast";
            case NO_SLAVE_ANY_MORE ->
                "no slave has been heard for " + time + ", although some had joined: the network is down, or a"
                        + " firewall here drops UDP "
                        + silence.master().getPort();
        };
    }

    /** Slaves cannot tell which of two masters is meant. */
    String otherMaster(InetSocketAddress at, String sessionName) {
        String name = sessionName.isEmpty() ? "" : "'" + sessionName + "' ";
        return "another master announces a session " + name + "on this group: " + host(at) + ":" + at.getPort()
                + "; slaves that can join both join neither. Give each session a name with --session NAME on the"
                + " master and its slaves, or wait until the other one has ended";
    }

    /** The kernel of the master's host does not let datagrams out. */
    String masterMayNotSend(InetSocketAddress master) {
        return "a firewall here does not let imgblstr send: allow output to UDP " + group.getPort() + " and from UDP "
                + master.getPort();
    }

    /** The kernel of a slave's host does not let datagrams out. */
    String slaveMayNotSend(InetSocketAddress master) {
        return "a firewall here does not let imgslave answer the master at " + host(master) + ": allow output to UDP "
                + master.getPort();
    }

    private static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }
}
