/**
 * MLflow's REST protocol for tracking, artifacts and the model registry, as its clients speak it, over the registry room.
 *
 * <p>Start reading at {@link dev.millwright.web.mlflow.MlflowDialect} and {@link dev.millwright.web.mlflow.Fields}.
 */
@NullMarked
package dev.millwright.web.mlflow;

import org.jspecify.annotations.NullMarked;
