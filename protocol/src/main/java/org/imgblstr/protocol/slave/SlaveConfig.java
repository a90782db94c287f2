package org.imgblstr.protocol.slave;

/**
 * What a slave's engine is told at its start.
 *
 * @param deviceBytes size of the target
 * @param sectorBytes sector size of the target; 0 when it takes on that of the image
 * @param windowSlots tracks held in memory at most
 * @param maxSymbolBytes largest symbol taken
 * @param verify whether a track counts only after it was read back
 */
public record SlaveConfig(
        SlaveIdentity identity,
        SessionChoice choice,
        long deviceBytes,
        int sectorBytes,
        int windowSlots,
        int maxSymbolBytes,
        boolean verify) {}
