package org.imgblstr.protocol.sim;

import java.time.Duration;
import java.util.List;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.SlowPolicy;
import org.imgblstr.protocol.master.handshake.KeyWear;

/** How a simulated master is started; chained setters. */
final class MasterSettings {
    int slaves;
    ExpectedSlaves expected = ExpectedSlaves.ANYBODY;
    long waitNs = Long.MAX_VALUE;
    int minSlaves = 1;
    long rate;
    SlowPolicy slow = SlowPolicy.LADDER;
    boolean delta;
    int changedTrack = -1;
    String sessionName = "";
    int leastSymbol = SimulatedSource.SYMBOL_BYTES;
    int largestSymbol = SimulatedSource.SYMBOL_BYTES;
    SimulatedSeal seal;
    KeyWear wear = KeyWear.USUAL;
    AfterCopy.Choice asked = AfterCopy.Choice.NONE;

    MasterSettings slaves(int count) {
        slaves = count;
        return this;
    }

    MasterSettings expect(boolean admitsStrange, String... names) {
        expected = new ExpectedSlaves(List.of(names), admitsStrange);
        slaves = names.length;
        return this;
    }

    MasterSettings waitTime(Duration time, int min) {
        waitNs = time.toNanos();
        minSlaves = min;
        return this;
    }

    /** Sends digests, and then only what slaves lack. */
    MasterSettings delta() {
        delta = true;
        return this;
    }

    /** Symbols may become so long when that is proven to come to every slave. */
    MasterSettings largestSymbol(int bytes) {
        largestSymbol = bytes;
        return this;
    }

    /** Symbols are so long at least. */
    MasterSettings leastSymbol(int bytes) {
        leastSymbol = bytes;
        return this;
    }

    /** The session is sealed, whatever the others of its LAN are; null: open. */
    MasterSettings seal(SimulatedSeal value) {
        seal = value;
        return this;
    }

    /** The digest of this track is that of other bytes than are sent: the source changes between the two. */
    MasterSettings changesAt(int track) {
        changedTrack = track;
        return this;
    }

    /** What each slave is asked for. */
    MasterSettings asking(AfterCopy.Choice choice) {
        asked = choice;
        return this;
    }

    /** A new group key after so many datagrams. */
    MasterSettings epochDatagrams(int count) {
        wear = new KeyWear(count, 0);
        return this;
    }

    /** After so many datagrams its first group key is worn out. */
    MasterSettings firstKeyWornOut(int datagramsLeft) {
        wear = new KeyWear(KeyWear.USUAL.epochDatagrams(), KeyWear.USUAL.epochDatagrams() - datagramsLeft);
        return this;
    }

    MasterSettings named(String name) {
        sessionName = name;
        return this;
    }

    MasterSettings rate(long bitsPerSecond) {
        rate = bitsPerSecond;
        return this;
    }

    MasterSettings slow(SlowPolicy policy) {
        slow = policy;
        return this;
    }
}
