package dev.millwright.app;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, giving the terminal to those that ask for it in their constructor. */
record CommandFactory(Terminal terminal) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Terminal.class) {
                try {
                    return type.cast(constructor.newInstance(terminal));
                } catch (InvocationTargetException failed) {
                    throw new IllegalStateException("could not make " + type.getName(), failed.getCause());
                }
            }
        }
        return CommandLine.defaultFactory().create(type);
    }
}
