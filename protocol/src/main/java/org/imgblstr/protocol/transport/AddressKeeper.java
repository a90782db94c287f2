package org.imgblstr.protocol.transport;

import java.net.Inet4Address;
import java.util.Optional;
import java.util.function.Function;
import org.imgblstr.protocol.transport.network.NetworkChoice;

/**
 * Keeps a transport at the address of its interface while a session lasts. An address may change, be lost and come back, and with it go the
 * groups that the kernel had joined. On the loop.
 */
final class AddressKeeper {
    /** Often enough for a session to go on before anybody gives it up, rare enough to cost nothing. */
    private static final long LOOK_NS = 500_000_000;

    /** After groups were joined again, so many looks pass before that is tried once more. */
    private static final int LOOKS_BETWEEN_JOINS = 10;

    private final Transport transport;
    private final Function<NetworkChoice, Optional<NetworkChoice>> lookAgain;
    private NetworkChoice network;
    private boolean isLost;
    private int looksToJoin;

    /** {@code lookAgain}: gives the interface of a choice as it is now; empty while it has no address or is gone. */
    AddressKeeper(Transport transport, Function<NetworkChoice, Optional<NetworkChoice>> lookAgain) {
        this.transport = transport;
        this.lookAgain = lookAgain;
        this.network = transport.network();
    }

    void start() {
        transport.schedule(this::look, LOOK_NS);
    }

    private void look() {
        if (transport.isClosing()) {
            return;
        }
        Optional<NetworkChoice> now = lookAgain.apply(network);
        if (now.isEmpty()) {
            onNone();
        } else if (isLost || !isSame(now.get())) {
            move(now.get());
        } else if (!transport.isOpen()) {
            transport.moveTo(network); // its port was taken when that was tried before
        } else {
            keepGroups();
        }
        start();
    }

    private boolean isSame(NetworkChoice now) {
        return now.address().equals(network.address())
                && now.networkInterface().getIndex()
                        == network.networkInterface().getIndex();
    }

    private void onNone() {
        if (!isLost) {
            isLost = true;
            transport.warn(name() + " has lost its address " + text(network.address())
                    + "; the session waits until the interface has an address again");
        }
    }

    private void move(NetworkChoice now) {
        Inet4Address before = network.address();
        isLost = false;
        network = now;
        transport.moveTo(now);
        transport.warn(
                before.equals(now.address())
                        ? name() + " has its address " + text(before) + " again; the session goes on"
                        : name() + " has the address " + text(now.address()) + " now, and had " + text(before)
                                + " before; the session goes on with the new one");
    }

    private void keepGroups() {
        looksToJoin = Math.max(0, looksToJoin - 1);
        if (looksToJoin == 0 && !transport.areGroupsJoined()) {
            looksToJoin = LOOKS_BETWEEN_JOINS;
            transport.rejoin();
        }
    }

    private String name() {
        return network.networkInterface().getName();
    }

    private static String text(Inet4Address address) {
        return address.getHostAddress();
    }
}
