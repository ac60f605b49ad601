package dev.millwright.learn;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Minimises a smooth convex function by the limited-memory BFGS method: the last ten steps stand in for the curvature.
 *
 * <p>Sources: D. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization", Mathematical Programming
 * 45, 1989; the line search for the weak Wolfe conditions by bisection is that of A. Lewis, M. Overton, "Nonsmooth
 * optimization via quasi-Newton methods", Mathematical Programming 141, 2013.
 */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final int LINE_STEPS = 40;
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    private final Function function;
    private final Deque<Pair> memory = new ArrayDeque<>();
    private double[] point;
    private double[] gradient;
    private double value;

    /** A function of many variables. */
    @FunctionalInterface
    interface Function {
        /** The value at {@code point}; overwrites {@code gradient}. */
        double evaluate(double[] point, double[] gradient);
    }

    /** Hears of each iteration, from 1, with the function's value at the point reached. */
    @FunctionalInterface
    interface Listener {
        void iterated(int iteration, double[] point, double value);
    }

    /** Where the search ended, and whether the gradient was small enough there. */
    record Minimum(double[] point, int iterations, boolean converged) {}

    private record Pair(double[] step, double[] change, double product) {}

    private Lbfgs(Function function, double[] start) {
        this.function = function;
        this.point = start;
        this.gradient = new double[start.length];
        this.value = function.evaluate(start, gradient);
    }

    /**
     * Searches from {@code start}.
     *
     * @param tolerance the search has converged when no component of the gradient is larger
     */
    static Minimum minimise(Function function, double[] start, int maxIterations, double tolerance, Listener listener) {
        Lbfgs search = new Lbfgs(function, start.clone());
        int iteration = 0;
        boolean moving = true;
        while (moving && iteration < maxIterations && largest(search.gradient) > tolerance) {
            moving = search.iterate();
            if (moving) {
                iteration++;
                listener.iterated(iteration, search.point, search.value);
            }
        }
        // Where rounding allows no further descent, the minimum is found as well as float64 can say.
        return new Minimum(search.point, iteration, !moving || largest(search.gradient) <= tolerance);
    }

    private boolean iterate() {
        double[] direction = direction();
        double slope = dot(direction, gradient);
        if (!(slope < 0)) {
            memory.clear();
            direction = negated(gradient);
            slope = dot(direction, gradient);
        }
        double first = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
        return search(direction, slope, first);
    }

    /** Moves along the direction; false when no step on it lowers the value. */
    private boolean search(double[] direction, double slope, double firstStep) {
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double step = firstStep;
        double[] tried = new double[point.length];
        double[] triedGradient = new double[point.length];
        for (int i = 0; i < LINE_STEPS; i++) {
            for (int j = 0; j < tried.length; j++) {
                tried[j] = point[j] + step * direction[j];
            }
            double triedValue = function.evaluate(tried, triedGradient);
            boolean lower = triedValue <= value + DECREASE * step * slope;
            if (lower && dot(direction, triedGradient) >= CURVATURE * slope) {
                remember(tried, triedGradient);
                point = tried;
                gradient = triedGradient;
                boolean fell = triedValue < value;
                value = triedValue;
                return fell;
            }
            if (lower) {
                low = step;
            } else {
                high = step;
            }
            step = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
        }
        return false;
    }

    private void remember(double[] next, double[] nextGradient) {
        double[] step = difference(next, point);
        double[] change = difference(nextGradient, gradient);
        double product = dot(step, change);
        if (product > 1e-300) {
            memory.addLast(new Pair(step, change, product));
            if (memory.size() > MEMORY) {
                memory.removeFirst();
            }
        }
    }

    /** The two-loop recursion. */
    private double[] direction() {
        double[] direction = negated(gradient);
        double[] factors = new double[memory.size()];
        int i = memory.size();
        for (var newest = memory.descendingIterator(); newest.hasNext(); ) {
            Pair pair = newest.next();
            factors[--i] = dot(pair.step(), direction) / pair.product();
            add(direction, -factors[i], pair.change());
        }
        if (!memory.isEmpty()) {
            Pair last = memory.getLast();
            double scale = last.product() / dot(last.change(), last.change());
            Arrays.setAll(direction, j -> direction[j] * scale);
        }
        for (Pair pair : memory) {
            double back = dot(pair.change(), direction) / pair.product();
            add(direction, factors[i++] - back, pair.step());
        }
        return direction;
    }

    private static void add(double[] target, double factor, double[] source) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * source[i];
        }
    }

    private static double[] negated(double[] vector) {
        return Arrays.stream(vector).map(component -> -component).toArray();
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = new double[a.length];
        Arrays.setAll(difference, i -> a[i] - b[i]);
        return difference;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] vector) {
        double largest = 0;
        for (double component : vector) {
            largest = Math.max(largest, Math.abs(component));
        }
        return largest;
    }
}
