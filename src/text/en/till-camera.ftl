# The camera at the till.
till-camera = Camera
till-camera-close = Close the camera
till-camera-torch = Light
till-camera-choice = Which camera
till-camera-name = Camera { $n }
till-camera-opening = Opening the camera
till-camera-looking = Looking for the card’s code: { $n } s
till-camera-hint = Bring the phone closer and turn its screen brighter
till-camera-denied = The browser gave no access to the camera. Type the code, or allow the camera in the site’s settings
till-camera-missing = No camera was found. Type the code or scan it
till-camera-busy = Another program is using the camera. Close it or type the code
till-camera-insecure = The camera works only at a secure address (https). Type the code
till-camera-failed = The camera does not work. Type the code or open it once more
