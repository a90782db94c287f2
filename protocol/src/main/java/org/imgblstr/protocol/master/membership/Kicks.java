package org.imgblstr.protocol.master.membership;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.imgblstr.protocol.master.sending.MasterCommands;
import org.imgblstr.protocol.master.sending.TrackSender;
import org.imgblstr.protocol.master.slaves.SlaveEntry;

/** Slaves that the operator has removed. Each is told so, and again whenever it sends something, until it leaves. One thread. */
final class Kicks {
    private final Map<Long, SlaveEntry> byNonce = new HashMap<>();
    private final MasterCommands commands;
    private final TrackSender sender;

    Kicks(MasterCommands commands, TrackSender sender) {
        this.commands = commands;
        this.sender = sender;
    }

    void kick(SlaveEntry slave) {
        byNonce.put(slave.nonce(), slave);
        commands.kicked(slave, sender.sequence());
    }

    /** Whether the slave of this nonce was removed; it is told again. */
    boolean tell(long nonce, InetSocketAddress from) {
        SlaveEntry slave = byNonce.get(nonce);
        if (slave != null) {
            slave.moveTo(from);
            commands.kicked(slave, sender.sequence());
        }
        return slave != null;
    }

    /** The removed slave of this index and nonce; null when there is none. */
    SlaveEntry find(int index, long nonce) {
        SlaveEntry slave = byNonce.get(nonce);
        return slave != null && slave.index() == index ? slave : null;
    }
}
