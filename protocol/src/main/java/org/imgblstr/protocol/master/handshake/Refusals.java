package org.imgblstr.protocol.master.handshake;

import java.net.InetSocketAddress;

/** Told of slaves that do not have the secret, and of datagrams that nobody believes, within a call of the engine or of {@code close}. */
@FunctionalInterface
public interface Refusals {
    /** {@code failed}: so many RSVPs did not open in this session; told at the first of each of 33 addresses, at the 10th of all, the 100th and so on. */
    void onWrongSecret(InetSocketAddress from, long failed);

    /** A machine that has the secret is kept out, because a slave at its address was removed; told once for each address. */
    default void onKeptOut(InetSocketAddress from) {}

    /** A machine is given the keys after a slave was removed; told once for each address, of 100 at most, before it can join. */
    default void onLateKeys(InetSocketAddress to) {}

    /** {@code message}: a sentence for the operator about datagrams that were not believed. */
    default void onForgery(String message) {}
}
