package org.imgblstr.sealing.primitive;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;

/**
 * The same functions through the foreign calls of Java 22 and newer, each at half the cost of one through JNA. What makes the calls is found by
 * reflection, because the classes of the programs are those of Java 17.
 */
final class ForeignCalls implements CipherCalls {
    private static final MethodHandle INIT;
    private static final MethodHandle UPDATE;
    private static final MethodHandle FINISH;
    private static final MethodHandle CONTROL;

    static {
        Class<?> number = int.class;
        Class<?> address = long.class;
        INIT = link("EVP_CipherInit_ex", address, address, address, address, address, number);
        UPDATE = link("EVP_CipherUpdate", address, address, address, address, number);
        FINISH = link("EVP_CipherFinal_ex", address, address, address);
        CONTROL = link("EVP_CIPHER_CTX_ctrl", address, number, number, address);
    }

    @Override
    public int init(long context, long cipher, long key, long nonce, int seals) {
        try {
            return (int) INIT.invokeExact(context, cipher, 0L, key, nonce, seals);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    public int update(long context, long into, long written, long from, int length) {
        try {
            return (int) UPDATE.invokeExact(context, into, written, from, length);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    public int finish(long context, long into, long written) {
        try {
            return (int) FINISH.invokeExact(context, into, written);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    @Override
    public int control(long context, int what, int length, long bytes) {
        try {
            return (int) CONTROL.invokeExact(context, what, length, bytes);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The handle of a function that returns an int. */
    private static MethodHandle link(String function, Class<?>... parameters) {
        try {
            Class<?> layout = Class.forName("java.lang.foreign.MemoryLayout");
            Object layouts = Array.newInstance(layout, parameters.length);
            for (int i = 0; i < parameters.length; i++) {
                Array.set(layouts, i, layoutOf(parameters[i]));
            }
            Class<?> descriptor = Class.forName("java.lang.foreign.FunctionDescriptor");
            Object described =
                    descriptor.getMethod("of", layout, layouts.getClass()).invoke(null, layoutOf(int.class), layouts);
            Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            Object place = segment.getMethod("ofAddress", long.class).invoke(null, Libcrypto.addressOf(function));
            Class<?> linker = Class.forName("java.lang.foreign.Linker");
            Class<?> options = Class.forName("[Ljava.lang.foreign.Linker$Option;");
            return (MethodHandle) linker.getMethod("downcallHandle", segment, descriptor, options)
                    .invoke(
                            linker.getMethod("nativeLinker").invoke(null),
                            place,
                            described,
                            Array.newInstance(options.getComponentType(), 0));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no foreign calls as Java 22 has them", e);
        }
    }

    private static Object layoutOf(Class<?> type) throws ReflectiveOperationException {
        String name = type == int.class ? "JAVA_INT" : "JAVA_LONG";
        return Class.forName("java.lang.foreign.ValueLayout").getField(name).get(null);
    }

    private static IllegalStateException broken(Throwable cause) {
        return new IllegalStateException("a foreign call failed", cause);
    }
}
