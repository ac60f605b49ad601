package dev.millwright.evaluation.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Hierarchical clustering by complete linkage (Sørensen 1948): any two of a cluster are close. Takes time in the third power of the number of
 * items, of which some hundreds are meant.
 */
public final class CompleteLinkage {
    private CompleteLinkage() {}

    /**
     * Joins the two closest clusters, the first of equals, as long as all their members are close enough.
     *
     * @param likeness of each two items, symmetric; NaN counts as 0
     * @param least how alike any two of a cluster are at least
     * @return clusters of places, each in order, by their first
     */
    public static List<List<Integer>> clusters(double[][] likeness, double least) {
        List<List<Integer>> clusters = new ArrayList<>();
        for (int item = 0; item < likeness.length; item++) {
            clusters.add(new ArrayList<>(List.of(item)));
        }
        while (true) {
            int one = -1;
            int other = -1;
            double best = least;
            for (int i = 0; i < clusters.size(); i++) {
                for (int j = i + 1; j < clusters.size(); j++) {
                    double between = between(likeness, clusters.get(i), clusters.get(j));
                    if (one < 0 ? between >= best : between > best) {
                        best = between;
                        one = i;
                        other = j;
                    }
                }
            }
            if (one < 0) {
                clusters.forEach(cluster -> cluster.sort(Comparator.naturalOrder()));
                return clusters.stream().map(List::copyOf).toList();
            }
            clusters.get(one).addAll(clusters.remove(other));
        }
    }

    private static double between(double[][] likeness, List<Integer> one, List<Integer> other) {
        double least = Double.POSITIVE_INFINITY;
        for (int i : one) {
            for (int j : other) {
                least = Math.min(least, Double.isNaN(likeness[i][j]) ? 0 : likeness[i][j]);
            }
        }
        return least;
    }
}
