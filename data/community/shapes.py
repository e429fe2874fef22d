"""The documented shapes behind the community: days, weather, load profiles, sun, heat pump.

demandlib gives the BDEW standard load profiles, pvlib the clear sky. All arrays have 48 values, one a half hour.
"""

import datetime
import warnings
from unittest import mock

import numpy as np
import pandas as pd

STEPS = 48
ZONE = "Europe/Berlin"
LATITUDE, LONGITUDE, ALTITUDE = 51.3, 9.5, 170  # a village near Kassel
DAYS = {"summer": "2024-06-19", "winter": "2024-01-17", "holiday": "2024-05-01"}  # Wednesdays, the last one Labour Day
# coldest and warmest hour (degrees C), and how much of the clear sky the clouds take at most and at least
WEATHER = {"summer": (14.0, 26.0, 0.08, 0.0), "winter": (-4.0, 2.0, 0.60, 0.30), "holiday": (9.0, 19.0, 0.30, 0.02)}


def smooth_noise(rng, half_width):
    """48 seeded values around 0 with standard deviation about 1, neighbours alike (a circular moving mean)."""
    width = 2 * half_width + 1
    white = rng.standard_normal(STEPS)
    return sum(np.roll(white, k) for k in range(-half_width, half_width + 1)) / np.sqrt(width)


def weather(day, rng):
    """Outdoor temperature (degrees C) and the part of the clear-sky light that comes through the clouds."""
    cold, warm, most, least = WEATHER[day]
    hour = np.arange(STEPS) / 2 + 0.25
    outdoor = (cold + warm) / 2 - (warm - cold) / 2 * np.cos((hour - 4) * np.pi / 12)  # coldest at 4, warmest at 16
    cloud = least + (most - least) / (1 + np.exp(-1.5 * smooth_noise(rng, 2)))
    return np.round(outdoor, 1), np.round(1 - cloud, 3)


def standard_profiles():
    """BDEW standard load profiles of 2024: share of the year's energy in each half hour of our days.

    Returns {day: DataFrame (48, profiles)}.
    """
    from demandlib import bdew

    with mock.patch.object(
        warnings, "simplefilter"
    ):  # demandlib 0.2.2 makes every warning an error, also those of newer pandas
        profiles = bdew.ElecSlp(2024, holidays=[datetime.date.fromisoformat(DAYS["holiday"])]).get_profiles()
    half_hourly = profiles.resample("30min").sum()
    return {day: half_hourly.loc[date].reset_index(drop=True) for day, date in DAYS.items()}


def opening(kind, day):
    """What opening hours leave of a profile: 1 where it applies, less where the doors are shut."""
    hour, factor = np.arange(STEPS) / 2, np.ones(STEPS)
    if day == "holiday" and kind == "school":
        factor *= 0.8  # closed: the Sunday profile, and no sports club in the gym either
    if day == "holiday" and kind == "shop":
        factor *= 0.7  # closed: cold rooms only
    if day == "holiday" and kind == "bakery":
        factor[hour >= 11] = 0.3  # rolls for breakfast, then ovens off
    return factor


def clear_sky_output(day, tilt, azimuth, outdoor):
    """kW per kWp of a roof under the clear sky of that day (no clouds yet), 48 values.

    pvlib: Ineichen clear sky, isotropic sky on the tilted roof, PVWatts for module and inverter
    (14 % system losses, -0.4 % per kelvin, cell 25 K above air at full sun); mean of six instants a half hour.
    """
    import pvlib

    site = pvlib.location.Location(LATITUDE, LONGITUDE, ZONE, ALTITUDE)
    start = pd.Timestamp(DAYS[day], tz=ZONE) + pd.Timedelta("2.5min")
    times = pd.date_range(start, periods=6 * STEPS, freq="5min")
    sun = site.get_solarposition(times)
    sky = site.get_clearsky(times, model="ineichen")
    roof = pvlib.irradiance.get_total_irradiance(
        tilt, azimuth, sun["apparent_zenith"], sun["azimuth"], sky["dni"], sky["ghi"], sky["dhi"]
    )
    light = roof["poa_global"].fillna(0).to_numpy()
    cell = np.repeat(outdoor, 6) + 25 * light / 1000
    dc = pvlib.pvsystem.pvwatts_dc(light, cell, 1.0, -0.004) * (1 - 0.14)
    return np.clip(dc, 0, 1).reshape(STEPS, 6).mean(axis=1)


def heat_pump(outdoor, loss_kw_per_k, hot_water_kwh):
    """kWh per half hour of an air heat pump: heating below 15 degrees C (30 % less at night), hot water from 11 to 15 h.

    Coefficient of performance 40 % of the Carnot figure between the air and water of 38 (heating) or 52 degrees C.
    """
    hour = np.arange(STEPS) / 2
    setback = np.where((hour < 5) | (hour >= 22), 0.7, 1.0)
    heating = loss_kw_per_k * np.clip(15 - outdoor, 0, None) * setback
    cop = 0.40 * (38 + 273.15) / (38 - outdoor)
    water = np.zeros(STEPS)
    water[22:30] = hot_water_kwh / 8
    return 0.5 * heating / cop + water / (0.40 * (52 + 273.15) / (52 - outdoor))
