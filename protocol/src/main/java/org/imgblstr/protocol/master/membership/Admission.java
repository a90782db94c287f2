package org.imgblstr.protocol.master.membership;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.ExpectedSlaves;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.master.sending.MasterConfig;
import org.imgblstr.protocol.master.sending.SymbolSize;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.wire.ConfirmDownloadFlyweight.Result;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;

/** Who may join, and what the operator is told of who may not. One thread. */
final class Admission {
    /** Refusals told to the operator; more are a flood, not a room. */
    private static final int MAX_TOLD = 100;

    /** Addresses kept without a name: anybody may send from any of them, and the others must still be told. */
    private static final int MAX_STRANGERS = 64;

    private final MasterConfig config;
    private final SlaveTable slaves;
    private final SymbolSize size;
    private final MasterEvents events;
    private final Map<UUID, RefusedSlave> refused = new LinkedHashMap<>();
    private final Map<String, RefusedSlave> strangers = new LinkedHashMap<>();

    Admission(MasterConfig config, SlaveTable slaves, SymbolSize size, MasterEvents events) {
        this.config = config;
        this.slaves = slaves;
        this.size = size;
        this.events = events;
    }

    /** Why a slave may not join; null when it may. */
    Result refusalOf(RsvpFlyweight wish, InetSocketAddress from) {
        if (wish.sectorBytes() != 0 && wish.sectorBytes() != sectorBytes()) {
            return Result.GEOMETRY;
        }
        if ((wish.codecs() & config.offer().codecs()) != config.offer().codecs()) {
            return Result.CODEC;
        }
        if (!size.isTakenBy(wish)) {
            return Result.SYMBOL_SIZE;
        }
        if (slaves.isFull()) {
            return Result.FULL;
        }
        return !config.start().expected().admitsStrange() && isStrange(wish, from) ? Result.NOT_EXPECTED : null;
    }

    /** Whether the list of the session has no place for a slave. */
    boolean isStrange(RsvpFlyweight wish, InetSocketAddress from) {
        SlaveName who = nameOf(wish, from, wish.machine());
        ExpectedSlaves expected = config.start().expected();
        return expected.count() > 0 && expected.isStrange(who, slaves.namesBut(wish.slaveId()));
    }

    /** Tells the operator of a slave that is refused, once for each reason. */
    void tell(RsvpFlyweight wish, InetSocketAddress from, Result refusal) {
        tell(nameOf(wish, from, wish.machine()), wish.slaveId(), because(wish, from, refusal));
    }

    /** Tells the operator of a slave that speaks another version of the protocol. */
    void tellVersion(RsvpFlyweight wish, InetSocketAddress from, int version) {
        tell(
                nameOf(wish, from, SlaveMachine.UNKNOWN),
                wish.slaveId(),
                "it speaks version " + version + " of the protocol, this master version " + Datagram.ourMajorVersion()
                        + "; install the same version of imgblstr on both");
    }

    /** Tells the operator of a slave that has said itself why it cannot take part. */
    void tellOwnReason(RsvpFlyweight wish, InetSocketAddress from) {
        tell(nameOf(wish, from, wish.machine()), wish.slaveId(), wish.reason());
    }

    private static SlaveName nameOf(RsvpFlyweight wish, InetSocketAddress from, SlaveMachine machine) {
        return new SlaveName(0, wish.label(), from.getAddress().getHostAddress(), machine);
    }

    private void tell(SlaveName who, UUID slaveId, String reason) {
        RefusedSlave known = refused.get(slaveId);
        boolean isNew =
                known == null ? refused.size() < MAX_TOLD : !known.reason().equals(reason);
        if (isNew) {
            RefusedSlave slave = new RefusedSlave(slaveId, who, reason);
            refused.put(slaveId, slave);
            events.onRefused(slave);
        }
    }

    /** Tells the operator of a slave of which only the address is known. Who calls says each no more often than is to be told. */
    void tellStranger(RefusedSlave slave) {
        if (strangers.size() < MAX_STRANGERS || strangers.containsKey(slave.address())) {
            strangers.put(slave.address(), slave);
        }
        events.onRefused(slave);
    }

    /** The operator removed a slave before the start: it is not missing, and it has joined only when it comes back. */
    void onKicked(SlaveEntry slave) {
        SlaveName name = slave.name();
        SlaveName who = new SlaveName(0, name.label(), name.address(), name.machine());
        if (refused.size() < MAX_TOLD) {
            refused.put(
                    slave.slaveId(),
                    new RefusedSlave(
                            slave.slaveId(), who, "the operator kicked it before the start; nothing was written"));
        }
    }

    /** The slave takes part after all: whoever had another secret at its address is taken for the same. */
    void onJoined(SlaveEntry slave) {
        refused.remove(slave.slaveId());
        strangers.remove(slave.name().address());
    }

    /** Slaves that could not take part, and have not joined since; those without a name are the last. */
    List<RefusedSlave> refused() {
        return Stream.concat(refused.values().stream(), strangers.values().stream())
                .toList();
    }

    private String because(RsvpFlyweight wish, InetSocketAddress from, Result refusal) {
        return switch (refusal) {
            case GEOMETRY ->
                "its disk has sectors of " + wish.sectorBytes() + " bytes, expected " + sectorBytes()
                        + "; use a disk of such sectors, or let imgblstr make one of the image (--download IMAGE"
                        + " --sector-size " + wish.sectorBytes() + ")";
            case CODEC -> "it cannot decode all that may be sent; use the same version on both sides";
            case SYMBOL_SIZE -> becauseOfSize(wish);
            case NOT_EXPECTED -> becauseStrange(wish, from);
            case FULL -> "there are " + slaves.size() + " slaves already; let it join the next session";
            default -> refusal.reason();
        };
    }

    private String becauseStrange(RsvpFlyweight wish, InetSocketAddress from) {
        String mac = wish.machine().mac();
        String holder = config.start()
                .expected()
                .holder(nameOf(wish, from, wish.machine()), slaves.namesBut(wish.slaveId()))
                .map(SlaveName::address)
                .orElse("");
        return (holder.isEmpty() ? "it is not on the list" : "the slave at " + holder + " has its place on the list")
                + " of expected slaves" + (mac.isEmpty() ? "" : " (its hardware address is " + mac + ")")
                + (holder.isEmpty()
                        ? "; add a line for it to that list, or admit it with --force"
                        : "; add its hardware address to that list, or admit it with --force");
    }

    private String becauseOfSize(RsvpFlyweight wish) {
        boolean isItsInterface = wish.largestSymbol() < size.bytes();
        String found = isItsInterface
                ? "its interface takes "
                        + (wish.largestSymbol()
                                + SectorDataFlyweight.OVERHEAD_BYTES
                                + config.symbols().moreBytes())
                : "none that long has reached it";
        String where = isItsInterface ? "there" : "of every switch port in between";
        String next = "; set the MTU " + where + " to " + Datagram.mtuOf(size.sentBytes());
        boolean isStartTooEarly = size.bytes() > config.symbols().leastBytes();
        return "this session uses datagrams of " + size.sentBytes() + " bytes, but " + found + next
                + (isStartTooEarly ? ", or start it before the session begins" : "");
    }

    private int sectorBytes() {
        return config.offer().image().space().geometry().sectorBytes();
    }
}
