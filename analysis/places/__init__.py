"""Where do homes lie: on a plane in kilometres, in hexagons of one size, and nearer to one another than by lot?"""

from analysis.places.hexagons import hexagons, width_for
from analysis.places.neighbours import Lying, lying, nearest_km
from analysis.places.plane import Plane, outline, plane

__all__ = ["Lying", "Plane", "hexagons", "lying", "nearest_km", "outline", "plane", "width_for"]
