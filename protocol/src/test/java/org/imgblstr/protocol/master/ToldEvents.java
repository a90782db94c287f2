package org.imgblstr.protocol.master;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.master.membership.MasterEvents;
import org.imgblstr.protocol.master.slaves.SlaveChange;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.silence.Silence;

/** What the parts of a master have told their operator. */
public class ToldEvents implements MasterEvents {
    public final List<String> told = new ArrayList<>();

    @Override
    public void onJoined(SlaveEntry slave) {
        told.add("joined " + slave.index());
    }

    @Override
    public void onRefused(RefusedSlave slave) {
        told.add("refused " + slave.label());
    }

    @Override
    public void onSilence(Silence silence) {
        told.add("silence " + silence.what());
    }

    @Override
    public void onOtherMaster(InetSocketAddress at, String sessionName) {
        told.add("other master");
    }

    @Override
    public void onChanged(SlaveEntry slave, SlaveChange what) {
        told.add(slave.index() + " " + what);
    }

    @Override
    public void onWarning(SlaveEntry slave, String what) {
        told.add(slave.index() + " warning");
    }

    @Override
    public void onStarted(int slaveCount) {
        told.add("started");
    }

    @Override
    public void onEnded(SlaveEntry slave) {
        told.add("ended " + slave.index());
    }

    @Override
    public void onOver(MasterEnd end) {
        told.add("over");
    }
}
