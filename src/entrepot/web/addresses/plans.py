"""The addresses of plans."""

from django.urls import path

from entrepot.web.views import plans

PLANS = [
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/<int:plan_id>/<slug:deed>/", plans.plan_do, name="plan_do"),
]
