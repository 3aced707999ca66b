sed -i 's/localhost/0.0.0.0/' config/app.ini
sed -i.bak -e '/^;/d' -e 's/false/true/' config/app.ini
diff config/app.ini config/app.ini.bak
sed -i '1i // generated' src/main.py && head -2 src/main.py
sed -n '/TODO/=' src/main.py
sed -i '/TODO/d' src/*.py && grep -c TODO src/main.py || true
