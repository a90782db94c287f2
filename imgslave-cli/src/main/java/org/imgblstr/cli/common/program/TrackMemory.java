package org.imgblstr.cli.common.program;

import org.imgblstr.disk.device.DiskIdentity;

/**
 * How much memory a program may hold tracks in, where a machine cannot spare as much as the program would use: without that the kernel would end
 * it in the middle, and say so nowhere that an operator looks.
 *
 * @param mostBytes what it holds tracks in where there is enough
 * @param leastBytes what it needs for tracks to come through at all
 * @param restBytes what it takes beside the tracks from now on: the JVM, sockets, other buffers
 */
public record TrackMemory(long mostBytes, long leastBytes, long restBytes) {
    /**
     * Bytes for tracks.
     *
     * @param freeBytes what the machine can spare
     * @throws CliException when that is too little
     */
    public long of(long freeBytes) {
        if (freeBytes - restBytes < leastBytes) {
            throw CliException.refused(
                    "too little memory: " + DiskIdentity.size(freeBytes) + " are free, expected at least "
                            + DiskIdentity.size(restBytes + leastBytes)
                            + "; end other programs, or give this machine, or its control group, more");
        }
        return Math.min(mostBytes, freeBytes - restBytes);
    }
}
