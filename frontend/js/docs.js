// The page of the API: the description of this installation and nothing from outside.

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const place = document.getElementById("docs");

SwaggerUI({ domNode: place, url: place.dataset.spec, validatorUrl: null, deepLinking: true });
