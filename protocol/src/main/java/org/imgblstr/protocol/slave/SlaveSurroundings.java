package org.imgblstr.protocol.slave;

import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.slave.disk.SlaveDisk;

/**
 * All that a slave's engine can reach.
 *
 * @param port the network
 * @param disk takes orders; its answers go to {@link SlaveEngine#onDisk}
 * @param events told what happens
 * @param random decides back-off
 * @param stores makes the memory of a slot, given its bytes
 */
public record SlaveSurroundings(
        SlavePort port, SlaveDisk disk, SlaveEvents events, RandomGenerator random, IntFunction<SymbolStore> stores) {}
