package org.imgblstr.cli.common.identity;

/**
 * What a host name can be made of.
 *
 * @param index number of the slave in its session; 0 for the own disk of a master
 * @param label the name that the operator sees
 * @param mac hardware address, as {@code 52:54:00:12:34:56}; "" while nobody knows it
 * @param serial serial number of the disk; "" when it has none
 */
public record Machine(int index, String label, String mac, String serial) {}
