package dev.millwright.plan;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The functions of the C library's {@code math.h}, which DuckDB computes with too, so that both give the same bits. {@link Math}
 * gives others in one of a hundred values to one of two, and one bit is enough for {@code FLOOR(LOG10(x))} to differ. Where the
 * system has no such function, {@link Math}'s is taken.
 */
final class NativeMath {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CBRT = unary("cbrt");
    private static final MethodHandle LOG = unary("log");
    private static final MethodHandle LOG10 = unary("log10");
    private static final MethodHandle LOG2 = find("log2", 1, local("binaryLogarithm", 1));
    private static final MethodHandle EXP = unary("exp");
    private static final MethodHandle SIN = unary("sin");
    private static final MethodHandle COS = unary("cos");
    private static final MethodHandle TAN = unary("tan");
    private static final MethodHandle ASIN = unary("asin");
    private static final MethodHandle ACOS = unary("acos");
    private static final MethodHandle ATAN = unary("atan");
    private static final MethodHandle SINH = unary("sinh");
    private static final MethodHandle COSH = unary("cosh");
    private static final MethodHandle TANH = unary("tanh");
    private static final MethodHandle POW = find("pow", 2, java("pow", 2));
    private static final MethodHandle ATAN2 = find("atan2", 2, java("atan2", 2));

    private NativeMath() {}

    private static MethodHandle unary(String name) {
        return find(name, 1, java(name, 1));
    }

    @SuppressWarnings("restricted") // calling C is what this is for
    private static MethodHandle find(String name, int arguments, MethodHandle otherwise) {
        FunctionDescriptor type = arguments == 1
                ? FunctionDescriptor.of(JAVA_DOUBLE, JAVA_DOUBLE)
                : FunctionDescriptor.of(JAVA_DOUBLE, JAVA_DOUBLE, JAVA_DOUBLE);
        return LINKER.defaultLookup()
                .find(name)
                .map(symbol -> LINKER.downcallHandle(symbol, type, Linker.Option.critical(false)))
                .orElse(otherwise);
    }

    private static MethodHandle java(String name, int arguments) {
        return method(Math.class, name, arguments);
    }

    private static MethodHandle local(String name, int arguments) {
        return method(NativeMath.class, name, arguments);
    }

    private static MethodHandle method(Class<?> owner, String name, int arguments) {
        MethodType type = arguments == 1
                ? MethodType.methodType(double.class, double.class)
                : MethodType.methodType(double.class, double.class, double.class);
        try {
            return MethodHandles.lookup().findStatic(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(owner.getName() + "." + name + type + ": missing", e);
        }
    }

    static double binaryLogarithm(double value) {
        return Math.log(value) / Math.log(2);
    }

    static double cbrt(double value) {
        try {
            return (double) CBRT.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double log(double value) {
        try {
            return (double) LOG.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double log10(double value) {
        try {
            return (double) LOG10.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double log2(double value) {
        try {
            return (double) LOG2.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double exp(double value) {
        try {
            return (double) EXP.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double sin(double value) {
        try {
            return (double) SIN.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double cos(double value) {
        try {
            return (double) COS.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double tan(double value) {
        try {
            return (double) TAN.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double asin(double value) {
        try {
            return (double) ASIN.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double acos(double value) {
        try {
            return (double) ACOS.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double atan(double value) {
        try {
            return (double) ATAN.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double sinh(double value) {
        try {
            return (double) SINH.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double cosh(double value) {
        try {
            return (double) COSH.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double tanh(double value) {
        try {
            return (double) TANH.invokeExact(value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double pow(double base, double exponent) {
        try {
            return (double) POW.invokeExact(base, exponent);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static double atan2(double y, double x) {
        try {
            return (double) ATAN2.invokeExact(y, x);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** What a function of numbers throws; a handle's signature says that it might throw anything. */
    private static AssertionError impossible(Throwable thrown) {
        return new AssertionError("a function of numbers failed", thrown);
    }
}
