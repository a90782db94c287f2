package org.imgblstr.protocol.sim;

import java.net.InetSocketAddress;
import java.util.List;
import org.imgblstr.protocol.master.handshake.Refusals;

/** What the operator of a simulated master is told of who is before its door. */
record ToldRefusals(List<String> told) implements Refusals {
    @Override
    public void onWrongSecret(InetSocketAddress from, long failed) {
        told.add("wrong secret " + failed);
    }

    @Override
    public void onKeptOut(InetSocketAddress from) {
        told.add("kept out " + from.getAddress().getHostAddress());
    }

    @Override
    public void onLateKeys(InetSocketAddress to) {
        told.add("late keys " + to.getAddress().getHostAddress());
    }
}
