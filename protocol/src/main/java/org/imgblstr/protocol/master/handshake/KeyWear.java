package org.imgblstr.protocol.master.handshake;

/**
 * How long a group key serves.
 *
 * @param epochDatagrams after how many datagrams to the data group a new epoch begins
 * @param sealedBefore datagrams that the first key counts as sealed from its beginning: 0 but in tests
 */
public record KeyWear(int epochDatagrams, int sealedBefore) {
    /** A new epoch begins somewhat before the key must not seal any more. */
    public static final KeyWear USUAL = new KeyWear((1 << 28) - (1 << 16), 0);
}
