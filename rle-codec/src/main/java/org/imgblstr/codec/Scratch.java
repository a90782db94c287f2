package org.imgblstr.codec;

import java.nio.ByteBuffer;

/** Memory of one encoder or decoder, kept from track to track. Grows to the longest track, each part only once it is asked for. */
final class Scratch {
    private byte[] heapRaw = new byte[0];
    private byte[] heapPayload = new byte[0];
    private ByteBuffer directRaw = ByteBuffer.allocate(0);
    private ByteBuffer directPayload = ByteBuffer.allocate(0);

    byte[] heapRaw(int bytes) {
        heapRaw = heapRaw.length < bytes ? new byte[bytes] : heapRaw;
        return heapRaw;
    }

    byte[] heapPayload(int bytes) {
        heapPayload = heapPayload.length < bytes ? new byte[bytes] : heapPayload;
        return heapPayload;
    }

    ByteBuffer directRaw(int bytes) {
        directRaw = directRaw.capacity() < bytes ? ByteBuffer.allocateDirect(bytes) : directRaw;
        return directRaw;
    }

    ByteBuffer directPayload(int bytes) {
        directPayload = directPayload.capacity() < bytes ? ByteBuffer.allocateDirect(bytes) : directPayload;
        return directPayload;
    }
}
